"""The port of the board: found, or the sentence that helps."""

from pathlib import Path

import pytest

from yaguts.services.firmware.usb import ports
from yaguts.services.firmware.usb.errors import UsbError
from yaguts.services.firmware.usb.ports import find_port, only_port

INSIDE = "/dev/ttyS0 None 0000:0000 None None\n"
FIRST = "/dev/ttyUSB0 0001 10c4:ea60 Silicon Labs CP2102 USB to UART Bridge Controller\n"
SECOND = "/dev/ttyACM0 a1:b2 303a:1001 Espressif USB JTAG/serial debug unit\n"


def test_the_only_board_is_found_among_other_ports() -> None:
    assert only_port(INSIDE + FIRST) == "/dev/ttyUSB0"


def test_no_board_and_several_are_told_apart() -> None:
    with pytest.raises(UsbError, match="plug it in"):
        only_port(INSIDE)
    with pytest.raises(UsbError, match=r"/dev/ttyUSB0 .*, /dev/ttyACM0 .*--port"):
        only_port(FIRST + SECOND)


def test_a_port_that_may_not_be_opened_says_how_it_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tty").touch()
    monkeypatch.setattr(ports.os, "access", lambda *_: False)

    with pytest.raises(UsbError, match=r"usermod -aG .* log out and in again"):
        find_port(str(tmp_path / "tty"))
