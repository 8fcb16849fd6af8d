"""The serial port of the board."""

import os
import re
from pathlib import Path

from yaguts.services.firmware.usb.errors import UsbError
from yaguts.services.firmware.usb.programs import find_program, run_program

_LIST_S = 20
_LINE = re.compile(r"(?P<port>\S+) \S+ (?P<usb>[0-9a-f]{4}:[0-9a-f]{4}) (?P<name>.*)")
_NO_USB = "0000:0000"


def find_port(named: str | None) -> str:
    """The port that was named, or the only one with a USB device. Raises `UsbError`."""
    port = named or only_port(_listed())
    _check(port)
    return port


def only_port(listed: str) -> str:
    """The only USB port in what `mpremote connect list` says. Raises `UsbError`."""
    found = [match for match in _LINE.finditer(listed) if match["usb"] != _NO_USB]
    if not found:
        raise UsbError(
            "No board on USB: plug it in with a cable that carries data (some only charge). "
            "Windows and older macOS need the driver of its USB chip (CP210x or CH340)."
        )
    if len(found) > 1:
        named = ", ".join(f"{match['port']} ({match['name'].strip()})" for match in found)
        raise UsbError(f"Several boards on USB: {named}. Name one with --port.")
    return found[0]["port"]


def _listed() -> str:
    _, told = run_program([find_program("mpremote"), "connect", "list"], _nothing, _LIST_S)
    return told


def _check(port: str) -> None:
    path = Path(port)
    if path.is_absolute() and not path.exists():
        raise UsbError(f"{port} is not there: plug the board in, or leave --port out to look.")
    if path.is_absolute() and not os.access(path, os.R_OK | os.W_OK):
        raise UsbError(
            f"{port} may not be opened by you: run `sudo usermod -aG {path.group()} $USER`, "
            "log out and in again, and run this again."
        )


def _nothing(_line: str) -> None:
    pass
