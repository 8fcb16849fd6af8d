"""The ledger in the database: repeats are nothing, and the cached totals are the sums."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from tests.support.builders import NOW, a_job
from tests.support.kitchen.stored import jar, put, totals
from yaguts.domain.clock import Window
from yaguts.domain.stock.ledger import (
    Movement,
    MovementKind,
    MovementReason,
    balance,
    held,
    holds,
    releases,
)
from yaguts.domain.stock.levels import Usage
from yaguts.domain.units import Milligrams
from yaguts.storage import jobs, ledger
from yaguts.storage.db.database import Database
from yaguts.storage.tables import movements


def book(connection: Connection, *lines: Movement) -> None:
    ledger.book(connection, 1, lines, NOW, person_id=1)


def refill(number: int, mg: int) -> Movement:
    return Movement(number, MovementKind.REFILL, Milligrams(mg), MovementReason.POURED_IN)


def test_a_repeat_is_nothing_and_the_rest_of_its_batch_is_booked(database: Database) -> None:
    with database.write() as connection:
        job = jobs.add(connection, a_job(doses=3))
        book(connection, *holds(job)[:2])
        book(connection, *holds(job))
        book(connection, *holds(job))

        assert totals(connection) == [(0, 1000), (0, 2000), (0, 3000), (0, 0)]
        assert ledger.history(connection, 1) == holds(job)


def test_a_release_comes_once_however_often_it_is_booked(database: Database) -> None:
    with database.write() as connection:
        job = jobs.add(connection, a_job(doses=2))
        book(connection, *holds(job))
        book(connection, *releases(job))
        book(connection, *releases(job))

        assert totals(connection, [1, 2]) == [(0, 0), (0, 0)]


def test_refills_are_never_taken_for_repeats(database: Database) -> None:
    with database.write() as connection:
        book(connection, refill(1, 500), refill(1, 500))

        assert totals(connection, [1]) == [(1000, 0)]


def test_weighing_books_the_difference_and_the_same_weight_nothing(database: Database) -> None:
    with database.write() as connection:
        for weight in (100_000, 100_000, 99_500):
            ledger.correct(connection, 1, 1, Milligrams(weight), NOW, 1)

        assert [line.amount for line in ledger.history(connection, 1)] == [100_000, -500]
        assert jar(connection, 1).stock == 99_500


def test_unknown_stock_stays_unknown_until_somebody_weighs(database: Database) -> None:
    with database.write() as connection:
        ledger.correct(connection, 1, 1, Milligrams(1000), NOW, 1)
        ledger.correct(connection, 1, 1, None, NOW, 1)
        job = jobs.add(connection, a_job(doses=1))
        fell = Movement(
            1, MovementKind.SETTLE, Milligrams(-300), MovementReason.REPORTED, job.id, 1
        )
        book(connection, fell)
        assert jar(connection, 1).stock is None

        ledger.correct(connection, 1, 1, Milligrams(700), NOW, 1)
        assert jar(connection, 1).stock == 700
        assert totals(connection, [1]) == [(700, 0)]
        assert len(ledger.history(connection, 1)) == 2


def test_an_empty_jar_may_be_known_to_be_empty(database: Database) -> None:
    with database.write() as connection:
        ledger.correct(connection, 1, 1, Milligrams(0), NOW, 1)

        assert jar(connection, 1).stock == 0
        assert ledger.history(connection, 1) == ()


held_lines = st.builds(
    Movement,
    jar=st.integers(1, 4),
    kind=st.just(MovementKind.HOLD),
    amount=st.integers(1, 10_000),
    reason=st.just(MovementReason.ORDERED),
    job_id=st.just(1),
    dose_order=st.integers(1, 6),
)
lines = held_lines | held_lines.map(
    lambda line: replace(
        line,
        kind=MovementKind.SETTLE,
        amount=Milligrams(-line.amount),
        reason=MovementReason.REPORTED,
    )
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(lines, max_size=5), max_size=5))
def test_the_totals_are_always_the_sums(database: Database, batches: list[list[Movement]]) -> None:
    with database.engine.connect() as connection:  # never committed: every example starts afresh
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        job = jobs.add(connection, a_job(doses=1))  # PostgreSQL gives no id twice
        for batch in batches:
            book(connection, *(replace(line, job_id=job.id) for line in batch))
        booked = ledger.history(connection, 1)
        assert totals(connection) == [
            (
                balance(line for line in booked if line.jar == number),
                held(line for line in booked if line.jar == number),
            )
            for number in (1, 2, 3, 4)
        ]
        keys = [(line.dose_order, line.kind) for line in booked]
        assert len(keys) == len(set(keys))


WHY = {"refill": "poured in", "hold": "ordered", "release": "expired", "settle": "reported"}
LINE = {"dispenser_id": 1, "jar": 1, "at": NOW}


@pytest.mark.parametrize(
    "row",
    [
        {"kind": "gift", "amount_mg": 1},
        {"kind": "refill", "amount_mg": -1},
        {"kind": "refill", "amount_mg": 1, "reason": "bored"},
        {"kind": "refill", "amount_mg": 1, "reason": "weighed"},
        {"kind": "refill", "amount_mg": 1, "reason": None},
        {"kind": "waste", "amount_mg": 1, "reason": "thrown away"},
        {"kind": "refill", "amount_mg": 0},
        {"kind": "hold", "amount_mg": -1, "job_id": 1, "item_order": 1},
        {"kind": "release", "amount_mg": 1, "job_id": 1, "item_order": 1},
        {"kind": "settle", "amount_mg": 1, "job_id": 1, "item_order": 1},
        {"kind": "settle", "amount_mg": -1, "job_id": 1},
        {"kind": "settle", "amount_mg": -1, "item_order": 1},
        {"kind": "refill", "amount_mg": 1, "job_id": 1, "item_order": 1},
        {"kind": "refill", "amount_mg": 1, "jar": 9},
        {"kind": "refill", "amount_mg": 1, "dispenser_id": 9},
        {"kind": "settle", "amount_mg": -1, "job_id": 9, "item_order": 1},
        {"kind": "refill", "amount_mg": 1, "person_id": 9},
    ],
)
def test_the_schema_refuses_a_movement_that_makes_no_sense(
    database: Database, row: dict[str, object]
) -> None:
    with database.write() as connection:
        jobs.add(connection, a_job())
    with pytest.raises(IntegrityError), database.write() as connection:
        why = {"reason": WHY.get(str(row["kind"]))}
        put(connection, movements, **(LINE | why | row))


def test_more_can_never_be_given_back_than_was_held(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as connection:
        book(connection, *releases(jobs.add(connection, a_job())))


def test_usage_counts_from_the_movement_after_the_jar_was_empty(database: Database) -> None:
    when = Window(NOW - timedelta(days=30), NOW)
    with database.write() as connection:
        book(connection, refill(1, 90_000), refill(2, 70_000))
        ledger.correct(connection, 1, 1, Milligrams(0), NOW, 1)
        assert 1 not in ledger.usage(connection, 1, when)

        book(connection, refill(1, 40_000))
        ledger.correct(connection, 1, 2, Milligrams(1), NOW, 1)  # That is not empty.
        job = jobs.add(connection, a_job(doses=1))
        fell = Movement(
            1, MovementKind.SETTLE, Milligrams(-300), MovementReason.REPORTED, job.id, 1
        )
        book(connection, fell)

        assert ledger.usage(connection, 1, when) == {
            1: Usage(Milligrams(40_000), Milligrams(300), NOW),
            2: Usage(Milligrams(70_000), Milligrams(69_999), NOW),
        }


def test_what_the_scale_says_leaves_no_less_than_nothing(database: Database) -> None:
    with database.write() as connection:
        job = jobs.add(connection, a_job(doses=1))
        why = MovementReason.CALIBRATED
        fell = Movement(1, MovementKind.WASTE, Milligrams(-300), why, job.id, 1)
        ledger.correct(connection, 1, 1, Milligrams(100), NOW, 1)
        ledger.lose_count(connection, 1, [1])
        ledger.weigh_fallen(connection, 1, fell, NOW, counted=True)

        assert ledger.stock(connection, 1, 1) == 0
        assert [line.amount for line in ledger.history(connection, 1)] == [100, -300, 200]
