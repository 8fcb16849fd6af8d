"""From the box to the first answer: `yaguts device` against a board on a cable and a real server.

The board runs the firmware as built, in MicroPython, on a fake ESP32.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.components import mpy_cross
from tests.support.device.usb_board import UsbBoard
from tests.support.processes.kitchen import YAGUTS, Person, eventually, free_port

pytestmark = pytest.mark.more

PASSWORD = "cravo e canela"


@pytest.fixture
def board(tmp_path: Path) -> Iterator[UsbBoard]:
    mpy_cross()
    with UsbBoard(tmp_path) as board:
        yield board


def yaguts(board: UsbBoard, *arguments: str, typed: str = "") -> tuple[int, str]:
    """The status of `yaguts device …` and all that it said."""
    done = subprocess.run(
        [YAGUTS, "device", *arguments, "--port", board.port],
        input=typed,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "COLUMNS": "120"},
        check=False,
        text=True,
        timeout=100,
    )
    return done.returncode, done.stdout


def test_a_new_board_is_flashed_paired_and_updated(board: UsbBoard, person: Person) -> None:
    new = ["--wifi", "Cozinha", "--server", person.server.address, "--code", person.code()]

    status, told = yaguts(board, "flash", *new, typed=f"{PASSWORD}\n")

    assert status == 0, told
    assert "claimed by your server" in told
    assert PASSWORD not in told
    kept = json.loads((board.root / "yaguts.json").read_text("utf-8"))
    assert (kept["wifi"], kept["password"]) == ("Cozinha", PASSWORD)
    assert kept["relays"] == [26, 27, 32, 33]
    eventually(person.online)
    token = {file.name: file.read_bytes() for file in board.nvs.glob("config.*")}

    status, told = yaguts(board, "flash")

    assert status == 0, told
    assert "claimed by your server" in told
    after = {file.name: file.read_bytes() for file in board.nvs.glob("config.*")}
    assert after == token
    assert json.loads((board.root / "yaguts.json").read_text("utf-8")) == kept


def test_a_board_without_a_wifi_is_set_up_with_a_phone(board: UsbBoard, tmp_path: Path) -> None:
    (board.nvs / "port").write_text(str(free_port()))
    label = tmp_path / "label.svg"

    status, told = yaguts(board, "flash", "--label", str(label), typed="\n")

    assert status == 0, told
    assert "Done: connect a phone" in told
    password = json.loads((board.root / "yaguts.json").read_text("utf-8"))["access_point"]
    assert f"Wi-Fi Yaguts-0203, password {password}" in told
    assert f">{password}</text>" in label.read_text("utf-8")
    assert json.loads((board.nvs / "access_point.json").read_text())["key"] == password

    status, told = yaguts(board, "flash", "--wait", "0", typed="\n")
    assert status == 0, told
    assert f"password {password}" in told  # it stands on the board's label


def test_a_spent_code_is_told_with_its_remedy(board: UsbBoard, person: Person) -> None:
    new = ["--wifi", "Cozinha", "--server", person.server.address, "--code", "ABC-DEF"]

    status, told = yaguts(board, "flash", *new, typed="\n")

    assert status == 1
    assert "yaguts device config --code CODE" in told


def test_a_board_that_trusts_nobody_yet_is_told_how(board: UsbBoard) -> None:
    new = ["--wifi", "Cozinha", "--server", "https://127.0.0.1:1", "--code", "ABC-DEF"]

    status, told = yaguts(board, "flash", *new, "--wait", "20", typed="\n")

    assert status == 1
    assert "this board has no certificate to trust the server by" in told
    assert "run `yaguts device trust URL`" in told


def test_a_configuration_is_shown_and_changed_and_the_board_goes_on(board: UsbBoard) -> None:
    before = {"wifi": "Cozinha", "password": PASSWORD, "server": "http://127.0.0.1:1"}
    (board.root / "yaguts.json").write_text(json.dumps(before))
    (board.root / "dark.json").write_text("[[26, 0]]")
    starts = len(board.starts)

    status, told = yaguts(board, "config")
    assert (status, PASSWORD in told) == (0, False), told
    assert "wifi: Cozinha" in told
    eventually(lambda: len(board.starts) >= starts + 2)

    status, told = yaguts(board, "config", "--wifi", "Sala", typed="outra senha\n")
    assert status == 0, told
    assert "outra senha" not in told
    changed = json.loads((board.root / "yaguts.json").read_text("utf-8"))
    former = [["Cozinha", PASSWORD]]
    new = {"wifi": "Sala", "password": "outra senha", "networks": former}
    assert changed == {**before, **new}
    assert (board.root / "dark.json").exists()


def test_another_wiring_is_checked_and_takes_the_dark_list_with_it(
    board: UsbBoard, tmp_path: Path
) -> None:
    before = {"wifi": "Cozinha", "server": "http://127.0.0.1:1", "active_low": False}
    (board.root / "yaguts.json").write_text(json.dumps(before))
    (board.root / "dark.json").write_text("[[26, 0]]")
    wiring = tmp_path / "wiring.json"

    wiring.write_text(json.dumps({"relays": [34, 6], "motor": {}}))
    status, told = yaguts(board, "config", "--wiring", str(wiring))
    assert status == 1
    assert "GPIO 34 of the ESP32 can be read, but not driven" in told
    assert "GPIO 6 leads to the flash memory" in told
    assert json.loads((board.root / "yaguts.json").read_text("utf-8")) == before
    assert (board.root / "dark.json").exists()

    wiring.write_text(json.dumps({"relays": [15, 27], "motor": {}}))
    status, told = yaguts(board, "config", "--wiring", str(wiring))
    assert status == 0, told
    assert "Note: relays (jar 1): GPIO 15 is a strapping pin" in told
    changed = json.loads((board.root / "yaguts.json").read_text("utf-8"))
    assert changed["relays"] == [15, 27]
    assert "active_low" not in changed
    assert not (board.root / "dark.json").exists()


def test_the_monitor_shows_the_log_and_disturbs_nothing(board: UsbBoard) -> None:
    (board.root / "main.py").write_text(
        "import time\nwhile True:\n    print('not paired: ah')\n    time.sleep_ms(50)\n"
    )
    with UsbBoard(board.root.parent) as running:
        command = [YAGUTS, "device", "monitor", "--port", running.port]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as monitor:
            assert monitor.stdout is not None
            lines = [monitor.stdout.readline() for _ in range(8)]
            monitor.kill()
        assert any("not paired: ah" in line for line in lines)
        assert running.received == 0
        assert running.starts == [1]


def test_a_port_that_is_not_there_is_told_with_its_remedy() -> None:
    command = [sys.executable, "-m", "yaguts.cli", "device", "config", "--port", "/dev/nothing"]

    done = subprocess.run(command, capture_output=True, check=False, text=True)

    assert done.returncode == 1
    assert "plug the board in" in done.stderr
