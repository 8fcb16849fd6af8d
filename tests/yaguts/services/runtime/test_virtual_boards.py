"""The virtual boards of a server, and those that another process or a real board names."""

from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

import pytest

from tests.support.processes.command_lines import command_lines
from tests.support.processes.kitchen import eventually
from yaguts.domain.errors import Unavailable
from yaguts.services.runtime.virtual import virtual_boards
from yaguts.services.runtime.virtual.flash_lock import is_used
from yaguts.services.runtime.virtual.virtual_boards import Boards

NOBODY = "http://127.0.0.1:9"
"""A server's address at which nobody answers."""
UID = "virtual-1"


@pytest.fixture
def boards(tmp_path: Path) -> Iterator[Boards]:
    """Those of one process."""
    boards = Boards(tmp_path, 2)
    yield boards
    boards.close()


@pytest.fixture
def others(tmp_path: Path) -> Iterator[Boards]:
    """Those of another process with the same folder."""
    others = Boards(tmp_path, 2)
    yield others
    others.close()


def code() -> str:
    return "CODE1234"


def no_code() -> NoReturn:
    raise AssertionError("nobody needs a code")


def is_to_run(folder: Path, uid: str) -> Path:
    """A flash whose board ended with its process."""
    flash = folder / uid
    flash.mkdir()
    (flash / "running").write_text(f"{NOBODY}\n{flash.resolve()}")
    return flash


def processes(folder: Path) -> set[int]:
    return set(command_lines(f"{folder}/"))


def is_waited_for(flash: Path) -> bool:
    """Whether a process waits for the flash's lock."""
    file = f":{(flash / 'lock').stat().st_ino} "
    lines = Path("/proc/locks").read_text().splitlines()
    return any("->" in line and file in line for line in lines)


@pytest.mark.parametrize(
    "uid",
    ["", "../elsewhere", "{folder}/elsewhere", "a-file", pytest.param("🌶" * 64, id="too long")],
)
def test_a_real_board_that_is_unpaired_leads_to_no_file(tmp_path: Path, uid: str) -> None:
    """Its uid is any text of its own."""
    flash, elsewhere = tmp_path / "flash", tmp_path / "elsewhere"
    for folder in (flash, elsewhere, flash / "virtual-1"):
        folder.mkdir()
        (folder / "running").touch()
    (flash / "a-file").touch()

    Boards(flash).stop(uid.format(folder=tmp_path))

    for folder in (flash, elsewhere, flash / "virtual-1"):
        assert (folder / "running").exists()


def test_a_board_that_another_process_runs_is_stopped_with_its_note(tmp_path: Path) -> None:
    note = tmp_path / "virtual-1/running"
    note.parent.mkdir()
    note.touch()

    Boards(tmp_path).stop("virtual-1")

    assert not note.exists()


def test_a_flash_that_cannot_be_locked_keeps_no_other_board_from_its_start(
    boards: Boards, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    damaged, sound = (is_to_run(tmp_path, uid) for uid in ("virtual-1", "virtual-2"))
    (damaged / "lock").mkdir()

    for _ in range(3):
        boards.start_again()

    assert is_used(sound)
    assert [vars(line)["about"] for line in caplog.records] == [
        {"board": "virtual-1", "folder": str(tmp_path)}
    ]

    (damaged / "lock").rmdir()
    boards.start_again()
    assert is_used(damaged)


def test_whoever_taps_on_a_board_whose_flash_cannot_be_locked_is_told(
    boards: Boards, tmp_path: Path
) -> None:
    (is_to_run(tmp_path, UID) / "lock").mkdir()

    with pytest.raises(Unavailable):
        boards.start(UID, NOBODY, code)


def test_a_process_that_cannot_be_made_is_told_once_and_made_later(
    boards: Boards,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    flash = is_to_run(tmp_path, UID)

    def refuse(*_: object, **__: object) -> NoReturn:
        raise BlockingIOError("no process is left")

    with monkeypatch.context() as patched:
        patched.setattr(virtual_boards.subprocess, "Popen", refuse)
        for _ in range(3):
            boards.start_again()
    assert len(caplog.records) == 1
    assert not is_used(flash)

    boards.start_again()
    assert is_used(flash)


def test_a_board_has_its_flash_from_its_start_on(
    boards: Boards, others: Boards, tmp_path: Path
) -> None:
    """Another process that looks at once would start it without its code."""
    assert boards.start(UID, NOBODY, code)
    others.start_again()

    assert is_used(tmp_path / UID)
    others.close()
    assert is_used(tmp_path / UID)


def test_a_board_that_runs_elsewhere_is_started_by_nobody_and_goes_on(
    boards: Boards, others: Boards, tmp_path: Path
) -> None:
    boards.start(UID, NOBODY, code)
    started = eventually(lambda: processes(tmp_path))

    assert others.start(UID, NOBODY, no_code)
    boards.clear()

    assert processes(tmp_path) == started


def test_a_board_that_is_let_go_elsewhere_ends(
    boards: Boards, others: Boards, tmp_path: Path
) -> None:
    boards.start(UID, NOBODY, code)
    others.stop(UID)
    assert is_used(tmp_path / UID)

    boards.clear()

    assert not is_used(tmp_path / UID)


def test_a_board_that_is_let_go_elsewhere_makes_way_for_the_next(
    boards: Boards, others: Boards, tmp_path: Path
) -> None:
    boards.start(UID, NOBODY, code)
    before = eventually(lambda: processes(tmp_path))
    others.stop(UID)
    others.start(UID, NOBODY, code)
    eventually(lambda: is_waited_for(tmp_path / UID))

    boards.clear()

    eventually(lambda: is_used(tmp_path / UID))
    [board] = processes(tmp_path)
    assert board not in before


def test_a_board_that_is_let_go_while_it_starts_again_does_not_stay(
    boards: Boards, others: Boards, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flash, take = is_to_run(tmp_path, UID), virtual_boards.take

    def meanwhile(lock: TextIOWrapper) -> bool:
        others.stop(UID)
        return take(lock)

    monkeypatch.setattr(virtual_boards, "take", meanwhile)
    boards.start_again()
    boards.clear()

    assert not (flash / "running").exists()
    assert not is_used(flash)
