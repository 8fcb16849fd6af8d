"""The virtual boards of a server, and those that another process or a real board names."""

from pathlib import Path

import pytest

from yaguts.services.runtime.virtual.virtual_boards import Boards


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
