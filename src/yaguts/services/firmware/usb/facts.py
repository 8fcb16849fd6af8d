"""What a board says of itself."""

from dataclasses import dataclass
from typing import Any

from yaguts.services.firmware.chips import CHIPS
from yaguts.services.firmware.usb.cable import Cable
from yaguts.services.firmware.usb.errors import UsbError
from yaguts.services.firmware.usb.on_board import FACTS, SLOTS

MICROPYTHON = (1, 28)
"""The oldest MicroPython that the firmware is tried on."""
NVS_BYTES = 0x6000

IMAGES = {"esp32": "ESP32_GENERIC", "esp32-s3": "ESP32_GENERIC_S3", "esp32-c3": "ESP32_GENERIC_C3"}


@dataclass(frozen=True, slots=True)
class BoardFacts:
    """A board with MicroPython: its chip, by its name in `CHIPS`, and what lies on it."""

    chip: str
    version: tuple[int, ...]
    uid: str
    """Twelve hexadecimal digits, of which it has the last four on its label."""
    bytecode: int
    nvs_bytes: int
    active: str
    whole: tuple[str, ...]
    """The slots that hold a whole firmware."""
    waits: bool
    """Whether the file that opens a USB session is still there: the board has not restarted."""
    configuration: str
    authority: bool

    def problem(self) -> str:
        """Why the firmware cannot run there, with the remedy; nothing if it can."""
        if self.version < MICROPYTHON:
            told = ".".join(map(str, self.version))
            return f"MicroPython {told} on the board is too old. {download(self.chip)}"
        if self.nvs_bytes < NVS_BYTES:
            return (
                f"The board's image leaves {self.nvs_bytes // 1024} KB for what it must remember, "
                "as OTA images do. " + download(self.chip, " --erase")
            )
        return ""


def facts_of(cable: Cable, resume: bool = True) -> BoardFacts:
    """Ask the board. Raises `UsbError`."""
    told: dict[str, Any] = cable.ask(FACTS, "facts", resume)
    return BoardFacts(
        chip=_chip(told["machine"]),
        version=tuple(told["version"]),
        uid=told["uid"],
        bytecode=told["bytecode"],
        nvs_bytes=told["nvs_bytes"],
        active=SLOTS[int(told["active"])],
        whole=tuple(slot for slot, whole in zip(SLOTS, told["whole"], strict=True) if whole),
        waits=told["waits"],
        configuration=told["configuration"],
        authority=told["authority"],
    )


def download(chip: str, options: str = "") -> str:
    """Which file of MicroPython a chip needs, and how it gets onto the board."""
    name = IMAGES[chip]
    version = ".".join(map(str, MICROPYTHON))
    return (
        f"Download {name}-….bin of version {version} or newer, without OTA in its name, from "
        f"https://micropython.org/download/{name}/ and run "
        f"`yaguts device flash --image FILE{options}`."
    )


def _chip(machine: str) -> str:
    """The chip's name in `CHIPS`, of "Generic ESP32S3 module with ESP32S3"."""
    told = machine.rpartition(" with ")[2].lower()
    for name in CHIPS:
        if name.replace("-", "") == told:
            return name
    raise UsbError(f"{machine}: the firmware runs on {', '.join(CHIPS)} only. Use another board.")
