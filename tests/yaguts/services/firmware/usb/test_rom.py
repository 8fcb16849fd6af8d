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

MOCK = """
from esp32_mock_bootloader import cli, server

class Chip(server.ChipSession):
    def __init__(self, mode):
        super().__init__(mode)
        server.make_sync_response = self.reset

    def reset(self, *, stub, answer=server.make_sync_response):
        self.stub_active = False
        return answer()

server.ChipSession = Chip
server._FLASH_END_IDLE_SEC = float("inf")
cli.main()
"""
"""A pty has no line that resets a chip. The mock resets it three seconds after it was written, and
it may be told the next thing by then. Here the first word of whoever connects resets it.
"""


@contextmanager
def loader(folder: Path, chip: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The port of a chip in its loader."""
    monkeypatch.setenv("ESP32_MOCK_BOOTLOADER_STATE_DIR", str(folder))
    patient = folder / "esptool.cfg"  # The mock has no processor of its own, as a chip has.
    patient.write_text("[esptool]\ntimeout = 30\nsync_timeout = 5\n")
    monkeypatch.setenv("ESPTOOL_CFGFILE", str(patient))
    told = folder / "port"
    port = ["--pty", "--port-file", told]
    command = [sys.executable, "-c", MOCK, "run", *port, "--chip", chip.replace("-", "")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as mock:
        try:
            yield eventually(lambda: told.exists() and told.read_text().strip())
        finally:
            mock.kill()


def flash_of(port: str, address: int, length: int, folder: Path) -> bytes:
    file = folder / "read"
    esptool(port, "read-flash", str(address), str(length), str(file))
    return file.read_bytes()


def esptool(port: str, *words: str) -> None:
    command = [Path(sys.executable).with_name("esptool"), "--port", port, *words]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


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
        esptool(port, "write-flash", "0x9000", str(nvs))

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
        esptool(port, "write-flash", "0x8000", str(other))

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
