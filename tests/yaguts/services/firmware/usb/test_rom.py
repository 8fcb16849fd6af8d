"""MicroPython is written by the real esptool into a mock of the chip's own loader."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.processes.kitchen import eventually
from tests.yaguts.services.firmware.usb.images import micropython_image
from yaguts.services.firmware.chips import CHIPS
from yaguts.services.firmware.usb.cable import Cable
from yaguts.services.firmware.usb.errors import UsbError
from yaguts.services.firmware.usb.flashing import ask_board
from yaguts.services.firmware.usb.image import read_image
from yaguts.services.firmware.usb.rom import Rom, percent

MOCK = Path(sys.executable).with_name("esp32-mock-bootloader")


@contextmanager
def loader(folder: Path, chip: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The port of a chip in its loader."""
    monkeypatch.setenv("ESP32_MOCK_BOOTLOADER_STATE_DIR", str(folder))
    told = folder / "port"
    command = [MOCK, "run", "--pty", "--port-file", told, "--chip", chip.replace("-", "")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as mock:
        try:
            yield eventually(lambda: told.exists() and told.read_text().strip())
        finally:
            mock.kill()


def flash_of(port: str, address: int, length: int, folder: Path) -> bytes:
    file = folder / "read"
    command = [Path(sys.executable).with_name("esptool"), "--port", port, "read-flash"]
    subprocess.run([*command, str(address), str(length), file], check=True, capture_output=True)
    return file.read_bytes()


@pytest.mark.parametrize("chip", CHIPS)
def test_the_chip_says_which_it_is(
    chip: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with loader(tmp_path, chip, monkeypatch) as port:
        assert Rom(port).chip() == chip


def test_a_chip_that_the_firmware_does_not_know_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with loader(tmp_path, "esp32-s2", monkeypatch) as port, pytest.raises(UsbError, match="s2"):
        Rom(port).chip()


def test_an_image_is_written_and_what_lies_between_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = read_image(micropython_image(), "esp32")
    heard: list[str] = []
    with loader(tmp_path, "esp32", monkeypatch) as port:
        Rom(port).write(image, erase=False, on_line=heard.append)
        nvs = tmp_path / "nvs"
        nvs.write_bytes(b"token".ljust(0x1000, b"\x01"))
        esptool = [Path(sys.executable).with_name("esptool"), "--port", port]
        subprocess.run([*esptool, "write-flash", "0x9000", nvs], check=True, capture_output=True)

        Rom(port).write(image, erase=False, on_line=heard.append)

        for address, part in image.parts.items():
            assert flash_of(port, address, len(part), tmp_path) == part
        assert flash_of(port, 0x9000, 0x1000, tmp_path) == nvs.read_bytes()
    assert 100.0 in map(percent, heard)


def test_a_flash_that_is_divided_otherwise_is_erased_only_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = read_image(micropython_image(), "esp32")
    other = tmp_path / "other"
    other.write_bytes(b"\xaa\x50".ljust(0xC00, b"\x07"))
    with loader(tmp_path, "esp32", monkeypatch) as port:
        esptool = [Path(sys.executable).with_name("esptool"), "--port", port]
        subprocess.run([*esptool, "write-flash", "0x8000", other], check=True, capture_output=True)

        with pytest.raises(UsbError, match="--erase"):
            Rom(port).write(image, erase=False, on_line=str)
        assert flash_of(port, 0x8000, 0xC00, tmp_path) == other.read_bytes()

        Rom(port).write(image, erase=True, on_line=str)
        assert flash_of(port, 0x8000, 0xC00, tmp_path) == image.table


def test_a_chip_without_micropython_says_which_file_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with loader(tmp_path, "esp32-c3", monkeypatch) as port, pytest.raises(UsbError) as error:
        ask_board(Cable(port, silent_s=1, start_s=0))
    assert "on this esp32-c3" in str(error.value)
    assert "https://micropython.org/download/ESP32_GENERIC_C3/" in str(error.value)


def test_a_port_without_a_chip_says_what_helps(tmp_path: Path) -> None:
    with pytest.raises(UsbError):
        Rom(str(tmp_path / "nothing")).chip()
