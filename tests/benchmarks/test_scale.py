"""What many kitchens would take is computed from the figures."""

from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks.harness import page, scale
from benchmarks.harness.figures import Figure, kept

MEASURED = {
    "memory of a held poll": 20.0,
    "10,000 held polls while idle": 10.0,
    "processor time of a lifecycle": 5.0,
    "commits of a job, PostgreSQL": 4.0,
    "rows of a job, PostgreSQL": 17.0,
    "bytes of a job, PostgreSQL": 3_400.0,
}


def test_a_row_for_each_power_of_ten() -> None:
    *_, last = scale.needed(MEASURED).splitlines()

    assert last == (
        "| 1,000,000 | 1,000,000 | 20 GB | 60,000 | 10 | 210 | 1 | 830 | 19 billion | 3.7 TB |"
    )


def test_the_command_writes_both_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in ((command, "performance"), (scale, "scale")):
        copy = tmp_path / f"{name}.md"
        copy.write_text((page.PAGE.parent / f"{name}.md").read_text("utf-8"))
        monkeypatch.setattr(module, "PAGE", copy)

    command.keep([Figure(what, value, "", "tried") for what, value in MEASURED.items()])

    assert kept(page.between((tmp_path / "performance.md").read_text())) == MEASURED
    assert "| 20 GB |" in page.between((tmp_path / "scale.md").read_text())
