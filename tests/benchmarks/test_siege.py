"""A server under siege serves its dispensers: smaller sieges than those that are measured."""

from math import ceil

import pytest

from benchmarks.siege.__main__ import (
    BESIEGERS,
    MOST_LINES,
    MOST_MB,
    SLOWEST_MS,
    Felt,
    measured,
    percentile,
    table,
)

SIEGES = [kind for kind in BESIEGERS if kind != "nobody"]


@pytest.mark.more
@pytest.mark.parametrize("kind", SIEGES)
def test_a_dispenser_is_served_meanwhile(kind: str) -> None:
    besiegers = ceil(BESIEGERS[kind] / 10)
    felt = measured(kind, besiegers, seconds=6)

    assert felt.held >= besiegers * 9 // 10
    assert len(felt.poll_ms) > 10
    # How soon it is answered is measured in peace: other tests run beside this one.
    assert felt.lost == 0, table([felt])
    assert felt.log_lines <= MOST_LINES
    assert felt.memory_mb <= MOST_MB


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert percentile(range(1, 101), 99) == 99
    assert percentile([3, 1, 2], 50) == 2
    assert percentile([7], 99) == 7
    assert percentile([], 99) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"poll_ms": [SLOWEST_MS + 1.0]},
        {"beat_ms": [SLOWEST_MS + 1.0]},
        {"lost": 1},
        {"log_lines": MOST_LINES + 1},
        {"memory_mb": MOST_MB + 1.0},
    ],
)
def test_what_is_not_borne(wrong: dict[str, object]) -> None:
    assert Felt("silent", 1).is_borne
    assert not Felt("silent", 1, **wrong).is_borne  # type: ignore[arg-type]
