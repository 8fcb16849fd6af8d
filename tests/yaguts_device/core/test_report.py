"""What a report says fell: always between what surely did and what may have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yaguts_device.core import dose_machine, report
from yaguts_device.core.interval import interval_mg
from yaguts_wire.codec import decode, encode
from yaguts_wire.server_messages import read_report

QUANTITY_MG, TARGET_MS = 4500, 5625


def a_dose(
    permitted_ms: int, restarts: int = 0, reason: int = dose_machine.NO_REASON
) -> dose_machine.DoseState:
    state = (
        dose_machine.FAILED
        if reason
        else dose_machine.DONE
        if permitted_ms == TARGET_MS
        else dose_machine.POURING
    )
    return dose_machine.DoseState(TARGET_MS, 500, permitted_ms, restarts, state, reason)


@pytest.mark.parametrize(
    ("dose", "expected_mg"),
    [
        (a_dose(TARGET_MS), (4500, 4500)),
        (a_dose(TARGET_MS, restarts=1), (3940, 4500)),  # 700 ms may be missing
        (a_dose(1000, restarts=3, reason=dose_machine.INTERRUPTED), (0, 800)),
        (
            a_dose(1001, reason=dose_machine.CANCELLED),
            (792, 801),
        ),  # it was told to stop: 10 ms are in doubt
        (a_dose(5, reason=dose_machine.CANCELLED), (0, 4)),
        (a_dose(0, reason=dose_machine.CANCELLED), (0, 0)),
        (a_dose(1000, reason=dose_machine.NO_FLOW), (0, 800)),
        (a_dose(1000, reason=dose_machine.STUCK), (0, 4500)),
        (a_dose(0, reason=dose_machine.CORRUPTED), (0, 4500)),
        (a_dose(0, reason=dose_machine.REPEATED), (0, 4500)),
        (a_dose(0, reason=dose_machine.TOO_LONG), (0, 0)),
    ],
)
def test_the_interval_of_a_dose(dose: dose_machine.DoseState, expected_mg: tuple[int, int]) -> None:
    assert interval_mg(dose, QUANTITY_MG) == expected_mg


@given(
    st.integers(1, 180_000).flatmap(
        lambda target: st.tuples(st.just(target), st.integers(0, target))
    ),
    st.integers(1, 9_000_000),
    st.integers(0, 3),
    st.sampled_from(dose_machine.REASONS),
)
def test_an_interval_never_exceeds_what_was_planned(
    times_ms: tuple[int, int], quantity_mg: int, restarts: int, reason: int
) -> None:
    target_ms, permitted_ms = times_ms
    state = dose_machine.FAILED if reason else dose_machine.POURING
    dose = dose_machine.DoseState(target_ms, 500, permitted_ms, restarts, state, reason)

    at_least, at_most = interval_mg(dose, quantity_mg)

    assert 0 <= at_least <= at_most <= quantity_mg


def test_every_reason_has_a_sentence_that_people_read() -> None:
    assert len(report.WORDS) == len(dose_machine.REASONS)
    assert all(report.WORDS[reason] for reason in dose_machine.REASONS if reason)


def test_the_message_says_it_all_and_reads_back() -> None:
    held = {"order": 1, "jar": 2, "spice": "Alho em pó", "quantity_mg": QUANTITY_MG}
    job = {"id": 7, "job_key": "ab", "ttl_s": 600, "doses": [{**held, "duration_ms": 5625}]}

    message = report.build_report(job, [a_dose(1000, 1, dose_machine.NO_FLOW)])  # type: ignore[arg-type]

    outcome = read_report(decode(encode(message)))["doses"][0]
    assert outcome == {
        "order": 1,
        "jar": 2,
        "spice": "Alho em pó",
        "fell_at_most_mg": 800,
        "fell_at_least_mg": 0,
        "duration_ms": 1000,
        "resumes": 1,
        "done": False,
        "error": "sem fluxo",
    }
    assert (message["itens_completados"], message["itens_falhados"]) == (0, 1)


def test_nothing_is_sure_of_a_dose_that_is_all_in_doubt_however_fast_it_falls() -> None:
    assert interval_mg(a_dose(1000), 1000 * TARGET_MS, 1000) == (0, 1000 * 1000)
    assert interval_mg(a_dose(1000), 1000 * TARGET_MS, 999) == (1000, 1000 * 1000)
    assert interval_mg(a_dose(1), TARGET_MS, 2) == (0, 1)
