"""The chip's own loader, through esptool: which chip it is, and MicroPython onto it."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from yaguts.services.firmware.chips import CHIPS
from yaguts.services.firmware.usb.errors import BrokenOff, UsbError
from yaguts.services.firmware.usb.image import TABLE, TABLE_BYTES, Image
from yaguts.services.firmware.usb.programs import OnLine, find_program, run_program

_SILENT_S = 60
_NO_BYTES = b"\xff"
_TYPE = re.compile(r"^(?:Chip type|Detecting chip type\.\.\.):?\s+(?P<chip>\S+)", re.MULTILINE)
_PERCENT = re.compile(r"Writing at .* (\d+\.\d)%")
HOLD_BOOT = (
    "Hold the button BOOT of the board while you run this again, and let it go when it connects."
)


class Rom:
    """A chip on a port, in its own loader. Each call raises `UsbError`."""

    def __init__(self, port: str) -> None:
        self._port = port

    def chip(self) -> str:
        """The chip's name in `CHIPS`."""
        told = self._run("chip-id")
        found = _TYPE.search(told)
        name = found["chip"].lower() if found else "unknown"
        for chip in sorted(CHIPS, key=len, reverse=True):
            if name.startswith(chip):
                return _exactly(chip, name)
        raise UsbError(f"The chip is {name}: the firmware runs on {', '.join(CHIPS)} only.")

    def write(self, image: Image, erase: bool, on_line: OnLine) -> None:
        """Write the image. Other places of the flash stay, unless they are to be erased."""
        if erase:
            self._run("erase-flash", on_line=on_line)
        else:
            self._refuse_other_layout(image)
        with TemporaryDirectory() as folder:
            places: list[str] = []
            for address, content in image.parts.items():
                file = Path(folder, hex(address))
                file.write_bytes(content)
                places += [hex(address), str(file)]
            self._run("write-flash", *places, on_line=on_line)

    def _refuse_other_layout(self, image: Image) -> None:
        with TemporaryDirectory() as folder:
            file = Path(folder, "table")
            self._run("read-flash", hex(TABLE), hex(TABLE_BYTES), str(file))
            found = file.read_bytes()
        if found != image.table and found.strip(_NO_BYTES):
            raise UsbError(
                "The board's flash is divided otherwise than MicroPython divides it. Run this "
                "again with --erase: whatever is on the board is lost, its token too."
            )

    def _run(self, *arguments: str, on_line: OnLine = str) -> str:
        command = [find_program("esptool"), "--port", self._port, *arguments]
        status, told = run_program(command, on_line, _SILENT_S)
        if status:
            raise _error(self._port, told)
        return told


def percent(line: str) -> float | None:
    """How much of the part that is being written is there, if the line says so."""
    found = _PERCENT.search(line)
    return float(found[1]) if found else None


def _exactly(chip: str, name: str) -> str:
    """The ESP32 is called ESP32-D0WDQ6 and the like; ESP32-S2 and C6 are other chips."""
    if chip == "esp32" and re.match(r"esp32-[sch]\d", name):
        raise UsbError(f"The chip is {name}: the firmware runs on {', '.join(CHIPS)} only.")
    return chip


def _error(port: str, told: str) -> UsbError:
    last = (told.strip().splitlines() or ["esptool failed"])[-1]
    if "busy" in told or "doesn't exist" in told or "could not open" in told:
        return UsbError(f"{port} cannot be opened: close what else uses it ({last}).")
    if "connect" in told.lower():
        return BrokenOff(f"The chip does not answer on {port}. {HOLD_BOOT}")
    return UsbError(f"esptool: {last}")
