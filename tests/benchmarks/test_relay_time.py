from pathlib import Path

from benchmarks.relay_time import measured_by, start
from tests.support.components import micropython


def test_a_dose_is_timed_with_the_journal_and_without(tmp_path: Path) -> None:
    micropython()
    (dose,) = measured_by(start(str(tmp_path), [400]))
    assert dose["plan"] == 400
    assert dose["bare"] >= 399
    assert dose["journaled"] >= 399
    assert (tmp_path / "job_state.p0").exists()
