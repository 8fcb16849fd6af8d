"""The dose machine: its table is total, and no way through it permits more than the target."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yaguts_device.core import run

NAMES = {run.WAITING: "waiting", run.POURING: "pouring", run.DONE: "done", run.FAILED: "failed"}


def a_dose(state: int = run.WAITING, granted_ms: int = 0, restarts: int = 0) -> run.Dose:
    """Two seconds of a spice, of which so much is permitted."""
    reason = run.CANCELLED if state == run.FAILED else run.NO_REASON
    return run.new_dose(2000, 2000)._replace(
        state=state, granted_ms=granted_ms, restarts=restarts, reason=reason
    )


def after(dose: run.Dose, event: int) -> str:
    """The name of the state after the event, or "impossible"."""
    try:
        return NAMES[run.advance(dose, event, run.NO_FLOW).state]
    except run.Impossible:
        return "impossible"


WHAT_HAPPENS = {
    # state, granted ms -> after (grant, ended, stop, restart)
    (run.WAITING, 0): ("pouring", "impossible", "failed", "waiting"),
    (run.POURING, 500): ("pouring", "impossible", "failed", "pouring"),
    (run.POURING, 2000): ("impossible", "done", "failed", "done"),
    (run.DONE, 2000): ("impossible", "impossible", "impossible", "done"),
    (run.FAILED, 500): ("impossible", "impossible", "impossible", "failed"),
}


@pytest.mark.parametrize(("state", "granted_ms"), WHAT_HAPPENS)
def test_each_event_in_each_state(state: int, granted_ms: int) -> None:
    dose = a_dose(state, granted_ms)

    assert tuple(after(dose, event) for event in run.EVENTS) == WHAT_HAPPENS[state, granted_ms]


def test_the_table_has_every_pair_and_no_other() -> None:
    assert set(run.TABLE) == set(product(run.STATES, run.EVENTS))


def test_a_grant_is_a_slice_and_the_last_one_is_what_is_left() -> None:
    dose = a_dose(run.POURING, 1700)

    assert run.advance(dose, run.GRANT).granted_ms == 2000


def test_a_stop_gives_back_what_was_surely_not_used() -> None:
    dose = run.advance(a_dose(run.POURING, 1000), run.STOP, run.CANCELLED, 150)

    assert (dose.granted_ms, dose.reason) == (850, run.CANCELLED)


@pytest.mark.parametrize(("reason", "unused_ms"), [(run.NO_REASON, 0), (run.NO_FLOW, 501)])
def test_a_stop_without_reason_or_with_more_left_than_there_was(
    reason: int, unused_ms: int
) -> None:
    with pytest.raises(run.Impossible):
        run.advance(a_dose(run.POURING, 500), run.STOP, reason, unused_ms)


@pytest.mark.parametrize("granted_ms", [500, 2000])
def test_the_third_restart_in_one_jar_ends_it(granted_ms: int) -> None:
    dose = run.advance(a_dose(run.POURING, granted_ms, restarts=2), run.RESTART)

    assert (dose.state, dose.reason, dose.restarts) == (run.FAILED, run.INTERRUPTED, 3)


@pytest.mark.parametrize(
    ("quantity_mg", "duration_ms", "expected_ms"),
    [
        (1_000, 1_000, 500),  # 1 g/s: half a second is half a gram
        (1_001, 1_000, 499),
        (4_000, 1_000, 125),
        (50_000, 1_000, 100),  # never shorter: the relay must not chatter
        (100, 10_000, 500),
    ],
)
def test_a_slice_is_half_a_second_or_half_a_gram(
    quantity_mg: int, duration_ms: int, expected_ms: int
) -> None:
    assert run.slice_ms(quantity_mg, duration_ms) == expected_ms


doses = st.builds(run.new_dose, st.integers(1, 9_000_000), st.integers(1, 180_000))
events = st.lists(
    st.tuples(st.sampled_from(run.EVENTS), st.sampled_from(run.REASONS), st.integers(0, 600)),
    max_size=60,
)


@given(doses, events)
def test_no_sequence_of_events_permits_more_than_the_target(
    dose: run.Dose, happenings: list[tuple[int, int, int]]
) -> None:
    for event, reason, unused_ms in happenings:
        before = dose
        try:
            dose = run.advance(dose, event, reason, unused_ms)
        except run.Impossible:
            continue
        assert 0 <= dose.granted_ms <= dose.target_ms
        assert dose.granted_ms - before.granted_ms <= dose.slice_ms
        assert dose.restarts <= run.MAX_RESTARTS
        assert run.is_over(dose) or not run.is_over(before)


@given(doses)
def test_the_lead_leaves_room_for_a_slice(dose: run.Dose) -> None:
    assert 0 < run.lead_ms(dose) <= dose.slice_ms // 2
