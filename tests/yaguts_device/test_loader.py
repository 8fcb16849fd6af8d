"""The loader starts one whole slot, and gives up one that was started too often without success.

It runs in MicroPython, on a fake ESP32.
"""

import ast
from pathlib import Path

import pytest

import yaguts_device
from tests.support.device.usb_board import HARD, POWER_ON, WATCHDOG, UsbBoard
from tests.support.processes.kitchen import eventually

LOADER = (Path(yaguts_device.__file__).parent / "loader.py").read_text("utf-8")
MOST_TRIES = 3


class Board:
    """A board with a loader, whose slots say their names."""

    def __init__(self, folder: Path, **cells: int) -> None:
        self._folder = folder
        self.root, self.nvs = folder / "root", folder / "nvs"
        self.root.mkdir()
        self.nvs.mkdir()
        (self.root / "main.py").write_text(LOADER)
        for key, value in cells.items():
            (self.nvs / f"slot.{key}").write_text(f"i{value}")

    def add(self, slot: str, code: str = "print('{} runs')", whole: bool = True) -> None:
        package = self.root / slot / "yaguts_device"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        body = code.format(slot)
        (package / "main.py").write_text(f"import sys\ndef main():\n    {body}\n")
        if whole:
            (self.root / slot / "manifest.json").touch()

    def start(self, cause: int = POWER_ON) -> str:
        """What it says until its prompt comes or it starts anew."""
        with UsbBoard(self._folder, cause) as board:
            eventually(lambda: board.said.endswith(b">>> ") or len(board.starts) > 1, 10)
            return board.said.decode()

    def cell(self, key: str) -> int | None:
        file = self.nvs / f"slot.{key}"
        return int(file.read_text()[1:]) if file.exists() else None


def test_it_imports_nothing_but_the_firmware_of_the_slot_that_it_has_chosen() -> None:
    tree = ast.parse(LOADER)
    places = [
        (ast.unparse(node), node in tree.body)
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert places == [
        *((f"import {name}", True) for name in ("os", "sys", "esp32", "machine")),
        ("from yaguts_device.main import main as start", False),
    ]


def test_a_board_without_cells_starts_slot_a(tmp_path: Path) -> None:
    board = Board(tmp_path)
    board.add("a")
    board.add("b")

    assert "a runs" in board.start()


def test_the_active_slot_is_started_and_only_it_is_on_the_path(tmp_path: Path) -> None:
    board = Board(tmp_path, active=1)
    board.add("a")
    board.add("b", "print('{} runs', sys.path)")
    (board.root / "lib").mkdir()

    assert "b runs ['/b', '.frozen']" in board.start()


def test_a_slot_without_its_manifest_is_never_started(tmp_path: Path) -> None:
    board = Board(tmp_path)
    board.add("a", whole=False)

    said = board.start()
    assert "no whole firmware" in said
    assert "runs" not in said

    board.add("b")
    assert "b runs" in board.start()
    assert board.cell("active") is None


def test_a_firmware_that_raises_restarts_the_board(tmp_path: Path) -> None:
    board = Board(tmp_path)
    board.add("a", "raise MemoryError('{}')")

    with UsbBoard(tmp_path) as running:
        eventually(lambda: running.starts.count(HARD) >= 2)
        assert b"MemoryError: a" in running.said


@pytest.mark.parametrize("cause", [HARD, WATCHDOG])
def test_an_untried_slot_is_given_up_after_so_many_starts(tmp_path: Path, cause: int) -> None:
    board = Board(tmp_path, active=1, untried=1)
    board.add("a")
    board.add("b")

    for tries in range(1, MOST_TRIES + 1):
        assert "b runs" in board.start(cause)
        assert board.cell("tries") == tries
    assert "a runs" in board.start(cause)
    assert (board.cell("active"), board.cell("untried"), board.cell("tries")) == (0, 0, 0)
    assert "a runs" in board.start(cause)


def test_a_pulled_plug_does_not_count(tmp_path: Path) -> None:
    board = Board(tmp_path, active=1, untried=1)
    board.add("a")
    board.add("b")

    for _ in range(MOST_TRIES + 2):
        assert "b runs" in board.start(POWER_ON)
    assert board.cell("tries") is None


def test_a_slot_is_not_given_up_for_one_that_is_not_whole(tmp_path: Path) -> None:
    board = Board(tmp_path, active=1, untried=1, tries=MOST_TRIES)
    board.add("a", whole=False)
    board.add("b")

    assert "b runs" in board.start(HARD)
    assert board.cell("active") == 1


def test_a_confirmed_slot_is_never_given_up(tmp_path: Path) -> None:
    board = Board(tmp_path, active=1, untried=0, tries=MOST_TRIES)
    board.add("a")
    board.add("b")

    assert "b runs" in board.start(WATCHDOG)


def test_a_usb_session_leaves_the_board_alone_once(tmp_path: Path) -> None:
    board = Board(tmp_path)
    board.add("a")
    (board.root / "usb-session").touch()

    assert "runs" not in board.start(HARD)
    assert "a runs" in board.start(HARD)


def test_after_a_power_cut_a_usb_session_is_over(tmp_path: Path) -> None:
    board = Board(tmp_path)
    board.add("a")
    (board.root / "usb-session").touch()

    assert "a runs" in board.start(POWER_ON)
    assert not (board.root / "usb-session").exists()
