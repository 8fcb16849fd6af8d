"""Lies in the board's root as `main.py`, runs after `boot.py` and starts the firmware of one slot.

It imports nothing from a slot before it has chosen it, so that no release can break it. A slot
without its manifest, which is written last, is never started. Its cells, in NVS under `slot`:

    active     0 for /a, 1 for /b
    untried    1 until the firmware of the active slot has shown that it works
    tries      how often it was started untried; a pulled plug does not count

After `MOST_TRIES` the other slot is active again. A file `usb-session` leaves the board alone for
one start: nothing runs, and no watchdog cuts off who copies files over USB.
"""

import os
import sys

import esp32
import machine

SLOTS = ("/a", "/b")
MANIFEST = "/manifest.json"
USB_SESSION = "/usb-session"
MOST_TRIES = 3
WATCH_MS = 60_000


def main() -> None:
    """Start the firmware. After an error that it does not handle: restart, which is dark."""
    if _in_usb_session():
        print("USB session: nothing is started")
        return
    slot = _slot(esp32.NVS("slot"))
    if not slot:
        print("no whole firmware on this board: run yaguts device flash")
        return
    sys.path[:] = [slot, ".frozen"]
    try:
        from yaguts_device.main import main as start

        start()
    except Exception as error:
        sys.print_exception(error)
        machine.reset()


def _in_usb_session() -> bool:
    """Whether this start is one. After a power cut nobody is copying any more."""
    try:
        os.remove(USB_SESSION)
    except OSError:
        return False
    return machine.reset_cause() != machine.PWRON_RESET


def _slot(cells: esp32.NVS) -> str:
    """The slot to start; nothing when none is whole."""
    active = _get(cells, "active") & 1
    if _get(cells, "untried") and _is_whole(SLOTS[active]):
        active = _try(cells, active)
    for slot in (SLOTS[active], SLOTS[1 - active]):
        if _is_whole(slot):
            return slot
    return ""


def _try(cells: esp32.NVS, active: int) -> int:
    """Count this start, and give up a slot that was started too often."""
    machine.WDT(timeout=WATCH_MS)  # the firmware may hang before it arms its own
    if machine.reset_cause() == machine.PWRON_RESET:
        return active
    tries = _get(cells, "tries") + 1
    if tries <= MOST_TRIES or not _is_whole(SLOTS[1 - active]):
        _set(cells, "tries", tries)
        return active
    # In this order: a power cut in between lets one of the two be tried again.
    _set(cells, "tries", 0)
    _set(cells, "active", 1 - active)
    _set(cells, "untried", 0)
    return 1 - active


def _is_whole(slot: str) -> bool:
    try:
        os.stat(slot + MANIFEST)
    except OSError:
        return False
    return True


def _get(cells: esp32.NVS, key: str) -> int:
    try:
        return cells.get_i32(key)
    except OSError:  # not there
        return 0


def _set(cells: esp32.NVS, key: str, value: int) -> None:
    try:
        cells.set_i32(key, value)
        cells.commit()
    except OSError:  # the flash is full: start all the same
        pass


if __name__ == "__main__":
    main()
