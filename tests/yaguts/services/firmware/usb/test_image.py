"""An image of MicroPython is whole, for this chip and not the OTA variant; or it is refused."""

import pytest

from tests.yaguts.services.firmware.usb.images import OTA_LAYOUT, micropython_image, segmented
from yaguts.services.firmware.chips import CHIPS
from yaguts.services.firmware.usb.errors import UsbError
from yaguts.services.firmware.usb.image import START, TABLE, read_image


@pytest.mark.parametrize("chip", CHIPS)
def test_an_image_has_three_parts_and_leaves_nvs_alone(chip: str) -> None:
    content = micropython_image(chip)

    image = read_image(content, chip)

    start = START[chip]
    assert list(image.parts) == [start, TABLE, 0x10000]
    for address, part in image.parts.items():
        assert content[address - start :][: len(part)] == part
    assert all(not address < 0xF000 <= address + len(part) for address, part in image.parts.items())
    assert TABLE + len(image.table) <= 0x9000


def test_an_image_of_another_chip_is_refused_by_its_name() -> None:
    with pytest.raises(UsbError, match="for the esp32-c3, not for the esp32-s3") as error:
        read_image(micropython_image("esp32-c3"), "esp32-s3")
    assert "https://micropython.org/download/ESP32_GENERIC_S3/" in str(error.value)


def test_the_ota_variant_is_refused() -> None:
    with pytest.raises(UsbError, match="OTA variant"):
        read_image(micropython_image(layout=OTA_LAYOUT), "esp32")


def test_no_byte_that_counts_may_be_another() -> None:
    content = micropython_image()
    for part in read_image(content, "esp32").parts.items():
        address, length = part[0] - START["esp32"], len(part[1])
        if part[0] == TABLE:
            continue
        for place in range(address, address + length, 37):
            damaged = bytearray(content)
            damaged[place] ^= 0x10
            with pytest.raises(UsbError):
                read_image(bytes(damaged), "esp32")


@pytest.mark.parametrize("length", [0, 10, 24, 200, 0x7000, 0x7C00, 0xF000, 0xF030, -1])
def test_a_download_that_was_cut_off_is_refused(length: int) -> None:
    with pytest.raises(UsbError):
        read_image(micropython_image()[:length], "esp32")


def test_an_image_without_a_digest_is_refused() -> None:
    bare = bytearray(segmented("esp32", b"loader"))
    bare[23] = 0
    content = bytes(bare) + micropython_image()[len(bare) :]

    with pytest.raises(UsbError, match="SHA-256"):
        read_image(content, "esp32")
