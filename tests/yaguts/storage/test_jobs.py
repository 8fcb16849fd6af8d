"""Jobs in the database: as they went in they come out, one version after the other."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from tests.support.builders import NOW, a_dose, a_job, a_settled_job
from tests.support.kitchen.stored import another_dispenser, put
from yaguts.domain.clock import SKEW, ahead, lately
from yaguts.domain.errors import Changed, NotFound
from yaguts.domain.jobs.job import ACTIVE, FINAL, Failure, Job, JobEvent, JobState, advance
from yaguts.domain.jobs.queue import with_time_to_live
from yaguts.domain.units import Milligrams
from yaguts.storage import jobs
from yaguts.storage.db.database import Database
from yaguts.storage.job_rows import dose_columns, job_columns
from yaguts.storage.tables import job_items
from yaguts.storage.tables import jobs as job_table

LATER = NOW + timedelta(minutes=3)
LIFE, INSTANT = timedelta(minutes=10), timedelta(microseconds=1)


def stored(database: Database, job: Job) -> Job:
    with database.write() as connection:
        return jobs.add(connection, job)


def change(database: Database, before: Job, after: Job) -> None:
    with database.write() as connection:
        jobs.store(connection, before, after)


def find(database: Database, job_id: int) -> Job:
    with database.read() as connection:
        return jobs.find(connection, job_id)


def test_a_job_comes_out_as_it_went_in(database: Database) -> None:
    job = stored(database, a_job(doses=4, people=7, multiplier=7))

    assert find(database, job.id) == job
    assert [dose.order for dose in job.doses] == [1, 2, 3, 4]


def test_so_does_what_became_of_it(database: Database) -> None:
    job = stored(database, a_job())
    running, _ = advance(job, JobEvent.FETCHED, NOW)
    change(database, job, running)
    settled = a_settled_job(failed=(2,))
    ended = replace(settled, id=job.id, version=3, review=True, error="travado")
    ended = replace(ended, doses=tuple(replace(dose, resumes=2) for dose in ended.doses))
    change(database, running, ended)

    assert find(database, job.id) == ended


def test_an_unknown_job_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound):
        find(database, 99)


@pytest.mark.parametrize("event", [JobEvent.OFFERED, JobEvent.ACCEPTED])
def test_a_dispenser_has_one_job_in_hand(database: Database, event: JobEvent) -> None:
    waiting = stored(database, a_job())
    job, _ = advance(waiting, event, NOW)
    change(database, waiting, job)
    behind = stored(database, a_job(key="f" * 32, expires_at=None))
    offered, _ = advance(with_time_to_live(behind, LATER), JobEvent.OFFERED, NOW)

    with pytest.raises(IntegrityError):
        change(database, behind, offered)
    change(database, job, advance(job, JobEvent.REPORTED_DONE, NOW)[0])
    change(database, behind, offered)


def test_nobody_is_given_a_job_whose_turn_has_not_come(database: Database) -> None:
    with pytest.raises(IntegrityError):
        stored(database, a_job(state=JobState.OFFERED, expires_at=None))


def test_the_first_in_line_is_the_earliest_that_has_not_ended(database: Database) -> None:
    stored(database, a_job(state=JobState.CANCELLING))
    first = stored(database, a_job(key="e" * 32, expires_at=None))
    second = stored(database, a_job(key="f" * 32, expires_at=None))
    limited = with_time_to_live(first, LATER)

    with database.write() as connection:
        assert jobs.first_of(connection, 1) == first
        assert jobs.first_without_time_to_live(connection) == (first,)
        jobs.store(connection, first, limited)
        assert jobs.first_without_time_to_live(connection) == ()
        jobs.store(connection, limited, advance(limited, JobEvent.CANCELLED, NOW)[0])
        assert jobs.first_of(connection, 1) == second
        assert jobs.first_without_time_to_live(connection) == (second,)


def test_a_job_that_is_being_cancelled_is_in_nobodys_way(database: Database) -> None:
    stored(database, a_job(state=JobState.CANCELLING))
    stored(database, a_job(key="f" * 32))


def test_two_dispensers_have_a_job_each(database: Database) -> None:
    first = stored(database, a_job())
    with database.write() as connection:
        second_dispenser = another_dispenser(connection)
    second = stored(database, a_job(key="f" * 32, dispenser_id=second_dispenser))

    with database.read() as connection:
        assert jobs.of_dispenser(connection, 1, ACTIVE) == (first,)
        assert jobs.of_dispenser(connection, second_dispenser, ACTIVE) == (second,)
        assert jobs.active_of(connection, 1) == (second, first)
        assert jobs.of_dispenser(connection, 1, FINAL) == ()


def test_of_two_changes_to_one_version_the_second_is_refused(database: Database) -> None:
    job = stored(database, a_job())
    cancelled, _ = advance(job, JobEvent.CANCELLED, NOW)
    fetched, _ = advance(job, JobEvent.FETCHED, NOW)
    change(database, job, cancelled)

    with pytest.raises(Changed):
        change(database, job, fetched)
    assert find(database, job.id).state == JobState.CANCELED


def test_a_sign_of_life_is_no_new_version(database: Database) -> None:
    job = stored(database, a_job())
    running, _ = advance(job, JobEvent.FETCHED, NOW)
    change(database, job, running)
    with database.write() as connection:
        jobs.heard(connection, job.id, LATER)

    heard = find(database, job.id)
    assert (heard.heard_at, heard.version) == (LATER, running.version)


def test_nothing_is_heard_of_a_job_that_has_ended(database: Database) -> None:
    job = stored(database, a_job(state=JobState.DONE))
    with database.write() as connection:
        jobs.heard(connection, job.id, LATER)

    assert find(database, job.id).heard_at is None


@pytest.mark.parametrize(
    ("job", "is_suspect"),
    [
        (a_job(expires_at=LATER), True),
        (a_job(state=JobState.OFFERED, expires_at=LATER), True),
        (a_job(expires_at=LATER + timedelta(seconds=1)), False),
        (a_job(state=JobState.RUNNING, expires_at=NOW), True),
        (a_job(expires_at=LATER + LIFE + SKEW), False),
        (a_job(expires_at=LATER + LIFE + SKEW + INSTANT), True),
        (a_job(state=JobState.CANCELLING), True),
        (a_job(state=JobState.RUNNING, heard_at=LATER), False),
        (a_job(state=JobState.RUNNING, heard_at=LATER + SKEW + INSTANT), True),
        (a_job(state=JobState.FAILED), False),
    ],
)
def test_who_may_be_overdue(database: Database, job: Job, is_suspect: bool) -> None:
    job = stored(database, job)

    with database.read() as connection:
        found = jobs.possibly_overdue(connection, ahead(LATER, LIFE), lately(LATER, LATER - NOW))
    assert found == ((job,) if is_suspect else ())


@pytest.mark.parametrize(
    "job",
    [
        a_job(kitchen_id=9),
        a_job(dispenser_id=9),
        a_job(recipe_id=9),
        a_job(people=0),
        a_job(people=101),
        a_job(multiplier=0),
        a_job(version=0),
        a_job(state="lost"),
        a_job(failure="bored"),
        a_job(state=JobState.DONE, finished_at=None),
        a_job(finished_at=NOW),
        a_job(state=JobState.RUNNING, started_at=None),
        a_job(state=JobState.CANCELLING, heard_at=None),
        a_job(reported=True),
    ],
)
def test_the_schema_refuses_a_job_that_the_machine_forbids(database: Database, job: Job) -> None:
    with pytest.raises(IntegrityError), database.write() as connection:
        put(connection, job_table, **job_columns(job))


@pytest.mark.parametrize(
    "changes",
    [
        {"order": 0},
        {"jar": 0},
        {"jar": 17},
        {"quantity": -1},
        {"duration": 0},
        {"duration": 180_001},
        {"status": "gone"},
        {"status": "done"},
        {"fell_at_most_mg": 10},
        {"fell_at_least_mg": 10},
        {"fell_at_most_mg": -1, "fell_at_least_mg": -1},
        {"fell_at_most_mg": 10, "fell_at_least_mg": 11},
        {"fell_at_most_mg": 1001, "fell_at_least_mg": 0},
        {"resumes": -1},
        {"failure": "bored"},
    ],
)
def test_the_schema_refuses_an_item_that_cannot_be(
    database: Database, changes: dict[str, object]
) -> None:
    job = stored(database, a_job(doses=1))
    dose = a_dose(**{"order": 2, "jar": 1, "quantity": Milligrams(1000), **changes})
    with pytest.raises(IntegrityError), database.write() as connection:
        put(connection, job_items, job_id=job.id, **dose_columns(dose))


def test_an_item_has_its_place_to_itself(database: Database) -> None:
    job = stored(database, a_job(doses=1))
    with pytest.raises(IntegrityError), database.write() as connection:
        put(connection, job_items, job_id=job.id, **dose_columns(a_dose(1)))


@pytest.mark.parametrize("failure", list(Failure))
def test_every_failure_can_be_stored(database: Database, failure: Failure) -> None:
    job = stored(database, a_job(state=JobState.FAILED, failure=failure))

    assert find(database, job.id).failure == failure
