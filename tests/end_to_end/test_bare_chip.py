"""`yaguts device flash --image`: from a bare chip to its server's first answer, in one command.

esptool writes MicroPython into a mock of the chip's own loader. What the reset after it does on a
real board happens here too: on the same port there is MicroPython then, which mpremote talks to.
"""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.support.components import mpy_cross
from tests.support.device.usb_board import UsbBoard
from tests.support.processes.kitchen import Person, eventually
from tests.yaguts.services.firmware.usb.images import micropython_image
from tests.yaguts.services.firmware.usb.test_rom import loader
from yaguts.cli.device.flash import flash_command
from yaguts.services.firmware.usb import rom
from yaguts.services.firmware.usb.programs import run_program

pytestmark = pytest.mark.more

AWAY_S = 1.0
"""A chip with USB of its own takes its port away for so long when it is reset, by estimate."""


class Port:
    """A name in the file system that leads to the chip's loader, then to its MicroPython."""

    def __init__(self, place: Path, loader: str, board: UsbBoard, away_s: float) -> None:
        self.place, self._board, self._away_s = place, board, away_s
        place.symlink_to(loader)

    def reset(self) -> None:
        self.place.unlink()
        threading.Timer(self._away_s, self.place.symlink_to, [self._board.port]).start()


@pytest.fixture
def board(tmp_path: Path) -> Iterator[UsbBoard]:
    mpy_cross()
    with UsbBoard(tmp_path / "board") as board:
        yield board


@pytest.mark.parametrize("away_s", [0, AWAY_S], ids=["a chip for USB", "USB of its own"])
def test_a_bare_chip_gets_all_it_needs_and_is_answered(
    away_s: float, board: UsbBoard, person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = tmp_path / "micropython.bin"
    image.write_bytes(micropython_image())
    with loader(tmp_path, "esp32", monkeypatch) as bare:
        port = Port(tmp_path / "ttyUSB0", bare, board, away_s)

        def esptool(command: list[str], *how: object) -> tuple[int, str]:
            done = run_program(command, *how)  # pyright: ignore[reportArgumentType]
            if "write-flash" in command:
                port.reset()
            return done

        monkeypatch.setattr(rom, "run_program", esptool)
        words = ["--port", str(port.place), "--image", str(image), "--wifi", "Cozinha"]
        words += ["--server", person.server.address, "--code", person.code()]
        done = CliRunner().invoke(flash_command, words, input="cravo e canela\n")

    assert done.exit_code == 0, done.output
    assert "each file was read back" in done.output
    assert "Done: your server has answered the board." in done.output
    eventually(person.online)
