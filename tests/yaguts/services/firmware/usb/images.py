"""Images of MicroPython for tests: small, and whole as ESP-IDF has them."""

import struct
from hashlib import sha256

from yaguts.services.firmware.usb.image import CHIP_IDS, START

NVS, PHY, FACTORY, OTA = (1, 2), (1, 1), (0, 0), (1, 0)
STOCK = ((*NVS, 0x9000, 0x6000), (*PHY, 0xF000, 0x1000), (*FACTORY, 0x10000, 0x1F0000))
OTA_LAYOUT = (
    (*NVS, 0x9000, 0x4000),
    (*OTA, 0xD000, 0x2000),
    (0, 0x10, 0x10000, 0x180000),
    (0, 0x11, 0x190000, 0x180000),
)


def segmented(chip: str, *segments: bytes) -> bytes:
    """An image of ESP-IDF of these segments, with its checksum and its SHA-256."""
    head = struct.pack(
        "<BBBBIB3xH8xB", 0xE9, len(segments), 2, 0x20, 0x40080000, 0, CHIP_IDS[chip], 0
    )
    image = head.ljust(23, b"\0") + b"\x01"
    checksum = 0xEF
    for segment in segments:
        image += struct.pack("<II", 0x3F400000, len(segment)) + segment
        for byte in segment:
            checksum ^= byte
    image += bytes(15 - len(image) % 16) + bytes([checksum])
    return image + sha256(image).digest()


def table(layout: tuple[tuple[int, int, int, int], ...] = STOCK) -> bytes:
    """A partition table."""
    rows = [b"\xaa\x50" + struct.pack("<BBII", *row) + bytes(20) for row in layout]
    return b"".join(rows).ljust(0xC00, b"\xff")


def micropython_image(
    chip: str = "esp32", layout: tuple[tuple[int, int, int, int], ...] = STOCK
) -> bytes:
    """What is downloaded: loader, table and application, with nothing between them."""
    start = START[chip]
    loader = segmented(chip, b"loader" * 50, b"more")
    application = segmented(chip, bytes(range(256)) * 8, b"drom" * 33, b"iram")
    return (
        loader.ljust(0x8000 - start, b"\xff") + table(layout).ljust(0x8000, b"\xff") + application
    )
