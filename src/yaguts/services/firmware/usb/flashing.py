"""The whole of a board: firmware, loader, configuration."""

from collections.abc import Sequence

from yaguts.services.firmware.board_tree import BoardTree
from yaguts.services.firmware.pin_uses import Configuration
from yaguts.services.firmware.root_files import BOOT, LOADER, root_files
from yaguts.services.firmware.usb import on_board
from yaguts.services.firmware.usb.cable import Cable
from yaguts.services.firmware.usb.configuration import as_bytes, wiring_of
from yaguts.services.firmware.usb.copying import (
    OnBytes,
    holds,
    open_session,
    put_firmware,
    put_root,
    slot_to_fill,
    tidy,
)
from yaguts.services.firmware.usb.errors import BrokenOff, UsbError
from yaguts.services.firmware.usb.facts import BoardFacts, download, facts_of
from yaguts.services.firmware.usb.rom import Rom


def ask_board(cable: Cable) -> BoardFacts:
    """What is on the board; whatever runs there is interrupted.

    Raises `UsbError`; when no MicroPython answers, it says which one the chip needs.
    """
    try:
        return cable.patiently(lambda: facts_of(cable, resume=False), tries=2)
    except BrokenOff as error:
        try:
            chip = Rom(cable.port).chip()
        except BrokenOff:
            raise error from None
        raise UsbError(f"No MicroPython answers on this {chip}. {download(chip)}") from None


def flash(
    cable: Cable,
    tree: BoardTree,
    before: Configuration,
    after: Configuration,
    on_bytes: OnBytes,
    keys: Sequence[bytes] = (),
) -> str:
    """Put firmware and configuration onto the board; the slot. It is not started yet.

    Token and journal lie in NVS, which this leaves alone. `keys`: the moduli of at most two public
    keys, in the place of those that are there; none: those stay. Raises `UsbError`.
    """
    root = root_files()
    facts = open_session(cable, root[LOADER])
    slot = facts.active
    if not holds(cable, slot, tree):
        slot = slot_to_fill(facts)
        put_firmware(cable, slot, tree, on_bytes)
    held = dict(zip(on_board.KEYS, keys, strict=False))
    _configure(cable, before, after, {BOOT: root[BOOT], **held}, resume=True)
    tidy(cable)
    return slot


def configure(cable: Cable, before: Configuration, after: Configuration) -> None:
    """Put another configuration onto the board and restart it. Raises `UsbError`."""
    cable.patiently(lambda: _configure(cable, before, after, {}, resume=False))
    cable.restart()


def trust(cable: Cable, authority: bytes) -> None:
    """Put an authority's certificate (DER) onto the board and restart it. Raises `UsbError`."""
    cable.patiently(lambda: put_root(cable, {on_board.AUTHORITY: authority}, resume=False))
    cable.restart()


def refuse_unfit(facts: BoardFacts, tree: BoardTree) -> None:
    """Raises `UsbError` when the firmware cannot run on this board's MicroPython."""
    if problem := facts.problem():
        raise UsbError(problem)
    if facts.bytecode != int(tree.bytecode.partition(".")[0]):
        raise UsbError(
            f"The board's MicroPython reads files of version {facts.bytecode}, mpy-cross writes "
            f"{tree.bytecode}: bring both up to date."
        )


def _configure(
    cable: Cable,
    before: Configuration,
    after: Configuration,
    files: dict[str, bytes],
    resume: bool,
) -> None:
    """A dark list of another wiring goes before the wiring comes: `main.py` writes it anew."""
    other = wiring_of(before) != wiring_of(after)
    obsolete = [on_board.DARK_LIST] if other else []
    if on_board.KEYS[0] in files:
        obsolete += [path for path in on_board.KEYS if path not in files]
    put_root(cable, {**files, on_board.CONFIGURATION: as_bytes(after)}, obsolete, resume)
