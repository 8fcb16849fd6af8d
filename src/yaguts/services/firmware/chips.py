"""The pins of the chips that the firmware runs on, as their datasheets and modules have them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Strap:
    """A pin whose level at reset decides how the chip starts."""

    needed: int | None
    """The level that it needs at reset; None: either will do."""
    otherwise: str
    """What happens at the other level."""


@dataclass(frozen=True, slots=True)
class Chip:
    """What a chip has for a wiring. Pins are GPIO numbers."""

    title: str
    pins: frozenset[int]
    flash: frozenset[int]
    """Wired to the flash memory or the PSRAM of a module, or to their supply."""
    input_only: frozenset[int]
    console: frozenset[int]
    """The serial console, over which the board is flashed and speaks."""
    straps: Mapping[int, Strap]
    rmt_transmitters: int


def _numbers(*ranges: tuple[int, int]) -> frozenset[int]:
    return frozenset(pin for first, last in ranges for pin in range(first, last + 1))


_DOWNLOAD = "the board waits to be flashed instead of starting"
_NOT_FLASHABLE = "the board cannot be flashed over its cable"

CHIPS: Mapping[str, Chip] = {
    "esp32": Chip(
        title="ESP32",
        pins=_numbers((0, 19), (21, 23), (25, 27), (32, 39)),
        flash=_numbers((6, 11)),
        input_only=_numbers((34, 39)),
        console=frozenset({1, 3}),
        straps={
            0: Strap(1, _DOWNLOAD),
            2: Strap(0, _NOT_FLASHABLE),
            5: Strap(None, "only the timing of an SDIO slave changes"),
            12: Strap(0, "the flash memory gets 1.8 V and the board does not start"),
            15: Strap(None, "only the messages of the first loader are silenced"),
        },
        rmt_transmitters=8,
    ),
    "esp32-s3": Chip(
        title="ESP32-S3",
        pins=_numbers((0, 21), (26, 48)),
        flash=_numbers((26, 37)),
        input_only=frozenset(),
        console=frozenset({19, 20, 43, 44}),
        straps={
            0: Strap(1, _DOWNLOAD),
            3: Strap(None, "only the source of JTAG changes"),
            45: Strap(0, "the flash memory gets 1.8 V and the board does not start"),
            46: Strap(0, _NOT_FLASHABLE),
        },
        rmt_transmitters=4,
    ),
    "esp32-c3": Chip(
        title="ESP32-C3",
        pins=_numbers((0, 21)),
        flash=_numbers((11, 17)),
        input_only=frozenset(),
        console=frozenset({18, 19, 20, 21}),
        straps={
            2: Strap(1, "the board may not start"),
            8: Strap(1, _NOT_FLASHABLE),
            9: Strap(1, _DOWNLOAD),
        },
        rmt_transmitters=2,
    ),
}
"""By the names that `esptool` gives them, in lower case."""
