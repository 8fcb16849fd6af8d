"""Movements and the sums they make."""

import pytest

from tests.support.builders import NOW, a_job, a_settled_job
from yaguts.domain.jobs.job import JobEvent, advance
from yaguts.domain.stock.ledger import (
    REASONS,
    Movement,
    MovementKind,
    MovementReason,
    balance,
    held,
    holds,
    releases,
    settlements,
)
from yaguts.domain.units import Milligrams

FULL = Movement(1, MovementKind.REFILL, Milligrams(100_000), MovementReason.POURED_IN)


def test_an_order_holds_and_a_release_gives_back() -> None:
    job = a_job(doses=3)

    assert [(m.jar, m.amount, m.dose_order) for m in holds(job)] == [
        (1, 1000, 1),
        (2, 2000, 2),
        (3, 3000, 3),
    ]
    assert held(holds(job)) == 6000
    assert held([*holds(job), *releases(job)]) == 0
    assert {m.job_id for m in (*holds(job), *releases(job))} == {job.id}


def test_holding_takes_nothing_out_of_the_jar() -> None:
    assert balance([FULL, *holds(a_job())]) == 100_000


def test_what_fell_is_taken_out_and_what_did_not_has_no_line() -> None:
    job = a_settled_job(failed=(2,))

    assert [(m.jar, m.amount) for m in settlements(job)] == [(1, -1000), (3, -3000)]
    assert balance([FULL, *holds(job), *releases(job), *settlements(job)]) == 96_000
    assert settlements(a_job()) == ()


def test_a_correction_says_what_was_weighed() -> None:
    assert (
        balance(
            [FULL, Movement(1, MovementKind.CORRECTION, Milligrams(-400), MovementReason.WEIGHED)]
        )
        == 99_600
    )


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (JobEvent.CANCELLED, MovementReason.CANCELLED),
        (JobEvent.EXPIRED, MovementReason.EXPIRED),
        (JobEvent.REPORTED_DONE, MovementReason.REPORTED),
    ],
)
def test_a_release_says_why(event: JobEvent, reason: MovementReason) -> None:
    ended, _ = advance(a_job(), event, NOW)

    assert {line.reason for line in releases(ended)} == {reason}


def test_every_kind_has_its_reasons_and_every_reason_its_kind() -> None:
    assert set(REASONS) == set(MovementKind)
    assert frozenset().union(*REASONS.values()) == set(MovementReason)
