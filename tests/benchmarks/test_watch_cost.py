"""The benchmark of metrics and logs does what it says."""

from pathlib import Path

import pytest

from benchmarks import watch_cost


@pytest.mark.parametrize("together", [False, pytest.param(True, marks=pytest.mark.more)])
def test_every_server_is_called_in_turn(tmp_path: Path, together: bool) -> None:
    measured = watch_cost.measure(tmp_path, 3, together=together)

    assert {name: len(costs) for name, costs in measured.items()} == dict.fromkeys(
        watch_cost.SERVERS, 3
    )
    assert all(cost > 0 for costs in measured.values() for cost in costs)
    access_log = (tmp_path / "log").read_text().splitlines()
    calls = watch_cost.CALLS * (watch_cost.WARMING + 3)
    # The last line is written after the answer, when the process may be gone.
    assert len(access_log) in (calls, calls - 1)
    assert all("GET /devices/me/next_job status=204" in line for line in access_log)
    assert len(list(tmp_path.glob("counts/*.db"))) == (3 if together else 0)


def test_a_share_is_taken_round_by_round() -> None:
    assert watch_cost.share_of([11, 110, 33], [10, 100, 30]) == pytest.approx(0.1)
