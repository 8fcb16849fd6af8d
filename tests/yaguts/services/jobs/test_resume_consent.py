"""A dispenser that asks before it goes on, and the person who answers."""

import pytest
from sqlalchemy.exc import IntegrityError

from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household
from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.errors import BadReport, NotFound, NotPossibleNow, NotSignedIn
from yaguts.domain.jobs.job import DoseStatus, Job, JobState
from yaguts.domain.people import Actor
from yaguts.domain.units import Milligrams
from yaguts.services import audit_log
from yaguts.services.delivery import handover
from yaguts.services.delivery.handover import ProgressAnswer, ReportedProgress
from yaguts.services.dispensers import dispensers, settings
from yaguts.services.jobs import orders
from yaguts.storage import dispensers as rows_of_dispensers
from yaguts.storage.tables import jobs as rows

NO_WORD = ProgressAnswer(cancel=False, resume=False)


@pytest.fixture
def asking(kitchen: Furnished) -> Furnished:
    settings.configure(
        kitchen.site,
        kitchen.person.id,
        kitchen.dispenser_id,
        {"asks": True},
        by=kitchen.actor,
    )
    return kitchen


def ask(kitchen: Furnished, job: Job, question: int | None) -> ProgressAnswer:
    told = ReportedProgress(job.key, 1, 1, Milligrams(1000), DoseStatus.RUNNING, question)
    return handover.progress(kitchen.site, kitchen.dispenser, job.id, told)


def resume(kitchen: Furnished, job: Job) -> Job:
    return orders.resume(kitchen.site, kitchen.person.id, job.id, by=kitchen.actor)


def test_nothing_is_answered_until_a_person_says_yes(asking: Furnished) -> None:
    job = asking.started(Sal=4.5)
    assert ask(asking, job, 5) == NO_WORD
    assert asking.job(job.id).paused
    assert ask(asking, job, 5) == NO_WORD

    resume(asking, job)
    resume(asking, job)

    assert ask(asking, job, 5) == ProgressAnswer(cancel=False, resume=True)
    assert ask(asking, job, 5) == ProgressAnswer(
        cancel=False, resume=True
    )  # the answer may get lost
    assert ask(asking, job, None) == NO_WORD
    assert not asking.job(job.id).paused


def test_who_said_yes_is_written_down_once(asking: Furnished) -> None:
    job, by = asking.started(Sal=4.5), Actor(asking.person.id, "192.0.2.7")
    ask(asking, job, 5)
    for _ in range(2):
        orders.resume(asking.site, asking.person.id, job.id, by)

    entries = [line.entry for line in audit_log.of_kitchen(asking.site, asking.person.id)]
    said = [entry for entry in entries if entry.what is AuditEvent.RESUMED]
    assert [(entry.person_id, entry.address, entry.about) for entry in said] == [
        (by.person_id, by.address, {"job": job.id})
    ]


def test_the_next_outage_is_asked_about_anew(asking: Furnished) -> None:
    job = asking.started(Sal=4.5)
    ask(asking, job, 5)
    resume(asking, job)

    assert ask(asking, job, 6) == NO_WORD
    assert asking.job(job.id).paused


def test_a_cancel_meanwhile_is_heard_instead(asking: Furnished) -> None:
    job = asking.started(Sal=4.5)
    ask(asking, job, 5)

    orders.cancel(asking.site, asking.person.id, job.id, by=Actor(asking.person.id))

    assert ask(asking, job, 5) == ProgressAnswer(cancel=True, resume=False)
    with pytest.raises(NotPossibleNow):
        resume(asking, job)


@pytest.mark.parametrize("is_asked_before", [True, False])
def test_a_board_whose_token_was_revoked_meanwhile_does_not_go_on(
    asking: Furnished, is_asked_before: bool
) -> None:
    job, caller = asking.started(Sal=4.5), asking.dispenser
    if is_asked_before:
        ask(asking, job, 5)
        resume(asking, job)
    before = asking.job(job.id)
    with asking.site.database.write() as connection:
        rows_of_dispensers.unpair(connection, caller.id)

    for question in (5, None) if is_asked_before else (5,):
        told = ReportedProgress(job.key, 1, 1, Milligrams(1000), DoseStatus.RUNNING, question)
        with pytest.raises(NotSignedIn):
            handover.progress(asking.site, caller, job.id, told)
    assert asking.job(job.id) == before


def test_a_dispenser_that_ended_it_by_itself_is_booked(asking: Furnished) -> None:
    job = asking.started(Sal=4.5)
    ask(asking, job, 5)

    asking.report(job, key=job.key)

    assert asking.job(job.id).state == JobState.DONE
    with pytest.raises(NotPossibleNow):
        resume(asking, job)


def test_only_a_job_that_says_so_can_be_asked_about(kitchen: Furnished) -> None:
    job = kitchen.started(Sal=4.5)

    with pytest.raises(BadReport):
        ask(kitchen, job, 5)
    with pytest.raises(NotPossibleNow):
        resume(kitchen, job)
    assert kitchen.job(job.id) == job


def test_the_database_knows_that_too(kitchen: Furnished) -> None:
    job = kitchen.started(Sal=4.5)

    with pytest.raises(IntegrityError), kitchen.site.database.write() as connection:
        connection.execute(rows.update().where(rows.c.id == job.id).values(question=5))


def test_a_job_keeps_the_word_that_it_was_ordered_under(asking: Furnished) -> None:
    job = asking.order(Sal=4.5)
    settings.configure(
        asking.site,
        asking.person.id,
        asking.dispenser_id,
        {"asks": False},
        by=Actor(asking.person.id),
    )

    assert asking.job(job.id).asks
    assert not dispensers.find(asking.site, asking.person.id, asking.dispenser_id).settings.asks


def test_nobody_else_answers(home: Household, asking: Furnished) -> None:
    job = asking.started(Sal=4.5)
    ask(asking, job, 5)
    other = Furnished(home, "Bia")

    with pytest.raises(NotFound):
        resume(other, job)
    assert asking.job(job.id).paused
