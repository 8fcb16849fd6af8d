"""The board's log: when it has come up, and what helps when it does not."""

from collections.abc import Callable

from yaguts.services.firmware.usb.cable import Cable
from yaguts.services.firmware.usb.errors import BrokenOff, UsbError

ANSWERED = "claimed by your server"
PORTAL_OPEN = "is open at http://"
_NEEDS_WORK = {
    "names no server": "Name your server: run `yaguts device config --server URL`.",
    "no whole firmware": "Run `yaguts device flash` again.",
    "pairing code is wrong": (
        "Let your server show a new pairing code, and run `yaguts device config --code CODE`."
    ),
    "not paired": (
        "Let your server show a pairing code, and run `yaguts device config --code CODE`."
    ),
}
"""What never gets better by itself."""
_MAY_PASS = {
    "no Wi-Fi": (
        "The board does not get into the Wi-Fi: check name and password with "
        "`yaguts device config --wifi NAME`. It needs a network of 2.4 GHz."
    ),
    "or the clock is": (
        "The dates of the server's certificate do not fit the board's clock: renew it if it has "
        "expired, or let the board reach a time server (`ntp` in docs/device.md)."
    ),
    "is that of another server": (
        "The server's certificate is for another name: check the address with "
        "`yaguts device config --server URL`."
    ),
    "certificate": "It does not trust the server: run `yaguts device trust URL`.",
    "speaks no TLS": (
        "The server has no https there: name it with http://, or its other port, with "
        "`yaguts device config --server URL`."
    ),
    "not answered": (
        "The server does not answer: check its address with `yaguts device config`, and that it "
        "listens on an address that the board can reach (`yaguts serve --host 0.0.0.0`)."
    ),
}


def start_and_wait(
    cable: Cable,
    on_line: Callable[[str], object],
    at_most_s: float,
    awaited: str = ANSWERED,
) -> None:
    """Restart the board and pass its log on until it says what is awaited: that its server has
    answered it, or that its portal is open.

    Raises `UsbError` with what helps when that does not come, or not within `at_most_s` seconds.
    """
    heard: list[str] = []

    def take(line: str) -> bool:
        on_line(line)
        heard.append(line)
        return awaited in line or bool(_remedy([line], _NEEDS_WORK))

    cable.watch_restart(take, at_most_s)
    if not _said(awaited, heard):
        _watch_again(cable, take, heard, at_most_s)
    if not _said(awaited, heard):
        unheard = f"No server answered the board within {at_most_s:g} s. {LOOK}"
        raise UsbError(remedy(heard) or unheard)


def _watch_again(
    cable: Cable, take: Callable[[str], bool], heard: list[str], at_most_s: float
) -> None:
    """A chip with USB of its own takes its port away when it restarts."""
    if not remedy(heard):
        try:
            cable.patiently(lambda: cable.watch(take, at_most_s))
        except BrokenOff:
            return


def _said(awaited: str, heard: list[str]) -> bool:
    return any(awaited in line for line in heard)


def remedy(heard: list[str]) -> str:
    """What helps against the last trouble that was heard; nothing against one that is unknown."""
    return _remedy(heard, {**_NEEDS_WORK, **_MAY_PASS})


def _remedy(heard: list[str], remedies: dict[str, str]) -> str:
    """Of a line that fits several, the first in the table counts."""
    return next(
        (helps for line in reversed(heard) for said, helps in remedies.items() if said in line), ""
    )


LOOK = "Look at its log with `yaguts device monitor`."
