"""An image of MicroPython as it is downloaded: looked into before it is written.

A file holds the flash memory from `start` on: the second loader, the partition table at 0x8000 and
the application where that table says. Loader and application are images of ESP-IDF: a head of 24
bytes, segments with a head of 8 each, a checksum at the end of a block of 16, a SHA-256 of it all.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from yaguts.services.firmware.usb.errors import UsbError
from yaguts.services.firmware.usb.facts import NVS_BYTES, download

START = {"esp32": 0x1000, "esp32-s3": 0, "esp32-c3": 0}
CHIP_IDS = {"esp32": 0, "esp32-s3": 9, "esp32-c3": 5}
TABLE, TABLE_BYTES = 0x8000, 0xC00
_MAGIC, _ENTRY = 0xE9, b"\xaa\x50"
_HEAD, _SEGMENT = 24, 8
_CHECKSUM_SEED = 0xEF
_DIGEST = 32
_APP, _DATA, _OTA, _NVS = 0, 1, 0, 2


class Unfit(Exception):
    """Not an image that can be written. The text says why, without an end."""


@dataclass(frozen=True, slots=True)
class Image:
    """The parts of a whole image by the addresses in flash at which they belong.

    NVS lies between them and is not among them: token and journal stay.
    """

    chip: str
    parts: Mapping[int, bytes]

    @property
    def table(self) -> bytes:
        """The partition table."""
        return self.parts[TABLE]


def read_image(content: bytes, chip: str) -> Image:
    """The image for this chip. Raises `UsbError`: what is wrong with the file, and which it is."""
    start = START[chip]
    try:
        loader = _checked(content, 0, chip)
        table = content[TABLE - start :][:TABLE_BYTES]
        application = _application(table)
        program = _checked(content, application - start, chip)
    except Unfit as error:
        raise UsbError(f"The image is not for this board: {error}. {download(chip)}") from None
    return Image(chip, {start: loader, TABLE: table, application: program})


def _checked(content: bytes, begin: int, chip: str) -> bytes:
    """The image of ESP-IDF that begins there. Raises `Unfit`."""
    head = content[begin : begin + _HEAD]
    if len(head) < _HEAD or head[0] != _MAGIC:
        raise Unfit("it does not begin as one, or is cut off")
    (chip_id,) = struct.unpack_from("<H", head, 12)
    if chip_id != CHIP_IDS[chip]:
        known = {number: name for name, number in CHIP_IDS.items()}
        raise Unfit(f"it is for the {known.get(chip_id, f'chip {chip_id}')}, not for the {chip}")
    end, checksum = _walk(content, begin, segments=head[1])
    end += 16 - (end - begin) % 16
    if content[end - 1 : end] != bytes([checksum]):
        raise Unfit("its checksum is wrong")
    if not head[23] or sha256(content[begin:end]).digest() != content[end : end + _DIGEST]:
        raise Unfit("its own SHA-256 is wrong or missing: the download is damaged")
    return content[begin : end + _DIGEST]


def _walk(content: bytes, begin: int, segments: int) -> tuple[int, int]:
    """Where the segments end, and the checksum over them. Raises `Unfit`."""
    place, checksum = begin + _HEAD, _CHECKSUM_SEED
    for _ in range(segments):
        if place + _SEGMENT > len(content):
            raise Unfit("it is cut off")
        _, length = struct.unpack_from("<II", content, place)
        place += _SEGMENT + length
        if place > len(content):
            raise Unfit("it is cut off")
        for byte in content[place - length : place]:
            checksum ^= byte
    return place, checksum


def _application(table: bytes) -> int:
    """Where the one application lies. Raises `Unfit` for the images that leave too little NVS."""
    rows = list(_rows(table))
    nvs = sum(size for kind, sub, _, size in rows if (kind, sub) == (_DATA, _NVS))
    applications = [place for kind, _, place, _ in rows if kind == _APP]
    if any((kind, sub) == (_DATA, _OTA) for kind, sub, _, _ in rows) or len(applications) > 1:
        raise Unfit("it is the OTA variant, whose NVS is too small")
    if len(applications) != 1 or nvs < NVS_BYTES:
        raise Unfit(f"it has {len(applications)} applications and {nvs} bytes of NVS")
    return applications[0]


def _rows(table: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Kind, subtype, address and size of each partition."""
    for place in range(0, len(table) - 31, 32):
        if table[place : place + 2] == _ENTRY:
            yield struct.unpack_from("<BBII", table, place + 2)
