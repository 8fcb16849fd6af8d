"""The dose machine: its table is total, and no way through it permits more than the target."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yaguts_device.core import dose_machine

NAMES = {
    dose_machine.WAITING: "waiting",
    dose_machine.POURING: "pouring",
    dose_machine.DONE: "done",
    dose_machine.FAILED: "failed",
}


def a_dose(
    state: int = dose_machine.WAITING, permitted_ms: int = 0, restarts: int = 0
) -> dose_machine.DoseState:
    """Two seconds of a spice, of which so much is permitted."""
    reason = dose_machine.CANCELLED if state == dose_machine.FAILED else dose_machine.NO_REASON
    return dose_machine.new_dose(2000, 2000)._replace(
        state=state, permitted_ms=permitted_ms, restarts=restarts, reason=reason
    )


def after(dose: dose_machine.DoseState, event: int) -> str:
    """The name of the state after the event, or "impossible"."""
    try:
        return NAMES[dose_machine.advance(dose, event, dose_machine.NO_FLOW).state]
    except dose_machine.Impossible:
        return "impossible"


WHAT_HAPPENS = {
    # state, permitted ms -> after (permit, ended, stop, restart)
    (dose_machine.WAITING, 0): ("pouring", "impossible", "failed", "waiting"),
    (dose_machine.POURING, 500): ("pouring", "impossible", "failed", "pouring"),
    (dose_machine.POURING, 2000): ("impossible", "done", "failed", "done"),
    (dose_machine.DONE, 2000): ("impossible", "impossible", "impossible", "done"),
    (dose_machine.FAILED, 500): ("impossible", "impossible", "impossible", "failed"),
}


@pytest.mark.parametrize(("state", "permitted_ms"), WHAT_HAPPENS)
def test_each_event_in_each_state(state: int, permitted_ms: int) -> None:
    dose = a_dose(state, permitted_ms)

    assert (
        tuple(after(dose, event) for event in dose_machine.EVENTS)
        == WHAT_HAPPENS[state, permitted_ms]
    )


def test_the_table_has_every_pair_and_no_other() -> None:
    assert set(dose_machine.TABLE) == set(product(dose_machine.STATES, dose_machine.EVENTS))


def test_a_permission_is_a_slice_and_the_last_one_is_what_is_left() -> None:
    dose = a_dose(dose_machine.POURING, 1700)

    assert dose_machine.advance(dose, dose_machine.PERMIT).permitted_ms == 2000


def test_a_stop_gives_back_what_was_surely_not_used() -> None:
    dose = dose_machine.advance(
        a_dose(dose_machine.POURING, 1000), dose_machine.STOP, dose_machine.CANCELLED, 150
    )

    assert (dose.permitted_ms, dose.reason) == (850, dose_machine.CANCELLED)


@pytest.mark.parametrize(
    ("reason", "unused_ms"), [(dose_machine.NO_REASON, 0), (dose_machine.NO_FLOW, 501)]
)
def test_a_stop_without_reason_or_with_more_left_than_there_was(
    reason: int, unused_ms: int
) -> None:
    with pytest.raises(dose_machine.Impossible):
        dose_machine.advance(
            a_dose(dose_machine.POURING, 500), dose_machine.STOP, reason, unused_ms
        )


@pytest.mark.parametrize("permitted_ms", [500, 2000])
def test_the_third_restart_in_one_jar_ends_it(permitted_ms: int) -> None:
    dose = dose_machine.advance(
        a_dose(dose_machine.POURING, permitted_ms, restarts=2), dose_machine.RESTART
    )

    assert (dose.state, dose.reason, dose.restarts) == (
        dose_machine.FAILED,
        dose_machine.INTERRUPTED,
        3,
    )


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
    assert dose_machine.slice_ms(quantity_mg, duration_ms) == expected_ms


doses = st.builds(dose_machine.new_dose, st.integers(1, 9_000_000), st.integers(1, 180_000))
events = st.lists(
    st.tuples(
        st.sampled_from(dose_machine.EVENTS),
        st.sampled_from(dose_machine.REASONS),
        st.integers(0, 600),
    ),
    max_size=60,
)


@given(doses, events)
def test_no_sequence_of_events_permits_more_than_the_target(
    dose: dose_machine.DoseState, happenings: list[tuple[int, int, int]]
) -> None:
    for event, reason, unused_ms in happenings:
        before = dose
        try:
            dose = dose_machine.advance(dose, event, reason, unused_ms)
        except dose_machine.Impossible:
            continue
        assert 0 <= dose.permitted_ms <= dose.target_ms
        assert dose.permitted_ms - before.permitted_ms <= dose.slice_ms
        assert dose.restarts <= dose_machine.MAX_RESTARTS
        assert dose_machine.is_over(dose) or not dose_machine.is_over(before)


@given(doses)
def test_the_lead_leaves_room_for_a_slice(dose: dose_machine.DoseState) -> None:
    assert 0 < dose_machine.lead_ms(dose) <= dose.slice_ms // 2
