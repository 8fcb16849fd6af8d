"""A report whose job is not there is kept, and booked or dropped as its owner says: once."""

from dataclasses import replace

import pytest

from tests.support.builders import a_reported_dose, report_of
from tests.support.kitchen.furnished import FULL, Furnished
from tests.support.kitchen.household import Household
from tests.support.kitchen.pages import links
from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.errors import AlreadySettled, NotFound, UnknownJar
from yaguts.domain.jobs.job import Job, JobState
from yaguts.domain.jobs.report import Contradiction, Report
from yaguts.domain.people import Actor
from yaguts.domain.stock.ledger import MovementKind, MovementReason
from yaguts.domain.stock.orphan_report import MOST_UNDECIDED, OrphanReport
from yaguts.domain.units import Milligrams
from yaguts.services import audit_log
from yaguts.services.delivery import orphan_reports
from yaguts.services.pantry import stock
from yaguts.storage import ledger


def of_a_lost_job(kitchen: Furnished, jar: int = 1) -> OrphanReport:
    """4 g of salt and at most 1 g of pepper fell for a job that is not in this database."""
    job = kitchen.started(Sal=4, Pimenta=1.5)
    first, second = job.doses
    short = {"fell_at_most_mg": Milligrams(1000), "fell_at_least_mg": Milligrams(500)}
    entries = a_reported_dose(replace(first, jar=jar)), a_reported_dose(second, done=False, **short)
    assert kitchen.report(replace(job, id=99), report_of(*entries), key="0" * 32) is None
    kitchen.report(
        job, report_of(*(a_reported_dose(i, done=False) for i in job.doses)), key=job.key
    )
    return undecided(kitchen)[0]


def undecided(kitchen: Furnished) -> tuple[OrphanReport, ...]:
    return orphan_reports.undecided(kitchen.site, kitchen.person.id)


def book(kitchen: Furnished, kept: OrphanReport) -> None:
    person = kitchen.person.id
    orphan_reports.book(kitchen.site, person, kept.id, Actor(person))


def dismiss(kitchen: Furnished, kept: OrphanReport) -> None:
    person = kitchen.person.id
    orphan_reports.dismiss(kitchen.site, person, kept.id, Actor(person))


def test_what_it_says_can_be_read(kitchen: Furnished) -> None:
    kept = of_a_lost_job(kitchen)

    told = [
        (dose.jar, dose.spice, dose.fell_at_most_mg, dose.fell_at_least_mg) for dose in kept.doses
    ]
    assert told == [(1, "Sal", 4000, 4000), (2, "Pimenta", 1000, 500)]
    assert kitchen.stocks()[:2] == [(FULL, 0), (FULL, 0)]


def test_booked_it_is_charged_once_with_its_own_reason(kitchen: Furnished) -> None:
    kept = of_a_lost_job(kitchen)

    for _ in range(3):
        book(kitchen, kept)

    assert kitchen.stocks()[:2] == [(FULL - 4000, 0), (FULL - 1000, 0)]
    assert undecided(kitchen) == ()
    with kitchen.site.database.read() as connection:
        (line, *_) = ledger.lines(connection, kitchen.dispenser_id, 1, 1000, 10)
    moved = line.movement
    assert (moved.kind, moved.reason, moved.report_id) == (
        MovementKind.SETTLE,
        MovementReason.UNCLAIMED,
        kept.id,
    )
    assert line.who == kitchen.person.name


def test_dismissed_it_charges_nothing_and_stays_so(kitchen: Furnished) -> None:
    kept = of_a_lost_job(kitchen)

    dismiss(kitchen, kept)
    dismiss(kitchen, kept)

    assert undecided(kitchen) == ()
    with pytest.raises(AlreadySettled):
        book(kitchen, kept)
    assert kitchen.stocks()[:2] == [(FULL, 0), (FULL, 0)]


def test_what_is_booked_can_not_be_dismissed(kitchen: Furnished) -> None:
    kept = of_a_lost_job(kitchen)
    book(kitchen, kept)

    with pytest.raises(AlreadySettled):
        dismiss(kitchen, kept)


def test_a_jar_that_is_not_there_can_not_be_charged(kitchen: Furnished) -> None:
    kept = of_a_lost_job(kitchen, jar=9)

    with pytest.raises(UnknownJar):
        book(kitchen, kept)
    assert undecided(kitchen) == (kept,)
    assert kitchen.stocks()[:2] == [(FULL, 0), (FULL, 0)]


def test_nobody_else_decides(home: Household, kitchen: Furnished) -> None:
    kept = of_a_lost_job(kitchen)
    other = Furnished(home, "Bia")

    for decide in (book, dismiss):
        with pytest.raises(NotFound):
            decide(other, kept)
    assert undecided(other) == ()


def test_of_nonsense_only_what_can_be_true_may_be_booked(kitchen: Furnished) -> None:
    job = replace(kitchen.started(Sal=4), id=99)
    negative = report_of(a_reported_dose(job.doses[0], fell_at_most_mg=Milligrams(-50_000)))
    twice = report_of(a_reported_dose(job.doses[0]), a_reported_dose(job.doses[0]))

    for report, key in ((negative, "0" * 32), (twice, "1" * 32)):
        assert kitchen.report(job, report, key=key) is None

    first, second = undecided(kitchen)
    assert (first.doses, first.contradiction) == ((), Contradiction.NEGATIVE)
    assert ([dose.fell_at_most_mg for dose in second.doses], second.contradiction) == (
        [4000],
        Contradiction.TWICE,
    )
    for kept in (first, second):
        book(kitchen, kept)
    assert kitchen.stocks()[0] == (FULL - 4000, 4000)


def test_there_is_nothing_to_book_of_what_contradicts_a_job_that_has_ended(
    kitchen: Furnished,
) -> None:
    for key in (None, "its own"):
        job = kitchen.started(Sal=4)
        too_much = report_of(a_reported_dose(job.doses[0], fell_at_most_mg=Milligrams(9_000)))
        kitchen.report(job, too_much, key=key and job.key, frasco=1)
    assert kitchen.stocks()[0] == (FULL - 8000, 0)

    for kept in undecided(kitchen):
        assert (kept.doses, kept.contradiction) == ((), Contradiction.TOO_MUCH)
        assert kept.facts == {"frasco": 1}
        book(kitchen, kept)
    assert kitchen.stocks()[0] == (FULL - 8000, 0)


@pytest.mark.parametrize(("jar", "may_be"), [(0, False), (1, True), (16, True), (17, False)])
def test_a_jar_of_a_kept_report_is_one_to_sixteen(
    kitchen: Furnished, jar: int, may_be: bool
) -> None:
    job = replace(kitchen.started(Sal=4), id=99)

    kitchen.report(job, report_of(a_reported_dose(job.doses[0], jar=jar)))

    (kept,) = undecided(kitchen)
    assert [dose.jar for dose in kept.doses] == [jar] * may_be
    assert kept.contradiction == (None if may_be else Contradiction.NOT_IN_JOB)


def test_only_the_jars_from_which_something_fell_are_noted_as_corrected(
    kitchen: Furnished,
) -> None:
    job = kitchen.started(Sal=4, Pimenta=1.5)
    nothing = {"fell_at_most_mg": Milligrams(0), "fell_at_least_mg": Milligrams(0)}
    first, second = job.doses
    entries = a_reported_dose(first), a_reported_dose(second, done=False, **nothing)
    kitchen.report(replace(job, id=99), report_of(*entries), key="0" * 32)

    book(kitchen, undecided(kitchen)[0])

    noted = audit_log.of_kitchen(kitchen.site, kitchen.person.id)
    about = [one.entry.about for one in noted if one.entry.what == AuditEvent.CORRECTED]
    assert about == [{"dispenser": kitchen.dispenser_id, "jar": 1}]


def test_a_name_that_no_jar_has_is_not_kept(kitchen: Furnished) -> None:
    job = replace(kitchen.started(Sal=4), id=99)

    kitchen.report(job, report_of(a_reported_dose(job.doses[0], spice="Bearer 3f9c")))

    assert undecided(kitchen)[0].doses[0].spice == ""


def test_a_jar_without_a_label_is_no_name(kitchen: Furnished) -> None:
    job = replace(kitchen.started(Sal=4), id=99)
    stock.assign(
        kitchen.site, kitchen.person.id, kitchen.dispenser_id, 3, None, Actor(kitchen.person.id)
    )

    kitchen.report(job, report_of(a_reported_dose(job.doses[0], spice="Açafrão")))

    assert undecided(kitchen)[0].doses[0].spice == ""


def test_so_many_are_kept_and_the_others_are_counted(kitchen: Furnished) -> None:
    job = replace(kitchen.started(Sal=4), id=99)
    garbage = Report(None, None, unreadable=True)

    for number in range(MOST_UNDECIDED + 3):
        kitchen.report(job, garbage, body_hash=f"{number:064}")
        kitchen.report(job, garbage, body_hash="0" * 64)  # is kept already
    kitchen.report(job, body_hash="a" * 64)  # contradicts nothing

    kept = undecided(kitchen)
    assert len(kept) == MOST_UNDECIDED + 1
    assert kept[-1].contradiction is None
    assert [orphan.dropped for orphan in kept] == [0] * (MOST_UNDECIDED - 1) + [3, 0]
    noted = audit_log.of_kitchen(kitchen.site, kitchen.person.id)
    assert sum(one.entry.what == AuditEvent.REPORTS_DROPPED for one in noted) == 1
    dismiss(kitchen, kept[0])
    kitchen.report(job, garbage, body_hash="f" * 64)
    assert len(undecided(kitchen)) == MOST_UNDECIDED + 1


def test_they_are_listed_by_pages(kitchen: Furnished) -> None:
    job = replace(kitchen.started(Sal=4), id=99)
    for number in range(25):
        kitchen.report(job, Report(None, None, unreadable=True), body_hash=f"{number:064}")
    owner, site = kitchen.browser(), kitchen.site
    assert [each.id for each in undecided(kitchen)] == list(range(1, 26))
    assert orphan_reports.PAGE == 100

    listed = owner.get("/relatorios?depois=20").json()["relatorios"]
    assert [each["id"] for each in listed] == [21, 22, 23, 24, 25]
    first = owner.get("/app/history")
    assert first.text.count("/dismiss") == 10
    assert "/app/history?report=10" in links(first)
    last = owner.get("/app/history?report=20")
    assert last.text.count("/dismiss") == 5
    assert "Próxima página" not in last.text
    assert len(orphan_reports.undecided(site, kitchen.person.id, most=4)) == 4


# A board that was given to somebody else, and then reports what it had poured before


@pytest.fixture
def moved(home: Household, kitchen: Furnished) -> tuple[Job, Furnished]:
    """A job that runs, and the one who has its board by now."""
    return kitchen.started(Sal=4), Furnished(home, "Bia")


def test_the_report_of_a_board_that_changed_hands_is_kept_for_its_former_owner(
    kitchen: Furnished, moved: tuple[Job, Furnished]
) -> None:
    job, other = moved

    for _ in range(2):
        assert other.report(job, key=job.key) is None

    (kept,) = undecided(kitchen)
    assert (kept.dispenser_id, kept.job_id) == (kitchen.dispenser_id, job.id)
    assert undecided(other) == ()
    assert kitchen.job(job.id) == job


def test_booked_it_ends_its_job(kitchen: Furnished, moved: tuple[Job, Furnished]) -> None:
    job, other = moved
    other.report(job, key=job.key)

    book(kitchen, undecided(kitchen)[0])

    ended = kitchen.job(job.id)
    assert (ended.state, ended.reported) == (JobState.DONE, True)
    assert kitchen.stocks()[0] == (FULL - 4000, 0)


def test_a_job_that_is_reported_is_not_charged_again(
    kitchen: Furnished, moved: tuple[Job, Furnished]
) -> None:
    job, other = moved
    other.report(job, key=job.key)
    kitchen.report(job, key=job.key)

    book(kitchen, undecided(kitchen)[0])

    assert kitchen.stocks()[0] == (FULL - 4000, 0)


def test_its_nonsense_charges_the_plan_at_most(
    kitchen: Furnished, moved: tuple[Job, Furnished]
) -> None:
    job, other = moved
    too_much = report_of(a_reported_dose(job.doses[0], fell_at_most_mg=Milligrams(9_000)))

    assert other.report(job, too_much, key=job.key) is None

    (kept,) = undecided(kitchen)
    assert (kept.doses, kept.contradiction) == ((), Contradiction.TOO_MUCH)
    assert kitchen.job(job.id) == job
    book(kitchen, kept)
    dose = kitchen.job(job.id).doses[0]
    assert (dose.fell_at_least_mg, dose.fell_at_most_mg) == (0, 4000)
    assert kitchen.stocks()[0] == (FULL - 4000, 0)


def test_without_a_key_nothing_of_another_kitchens_job_is_told(
    kitchen: Furnished, moved: tuple[Job, Furnished]
) -> None:
    job, other = moved

    for _ in range(2):
        assert other.report(job, frasco=1) is None

    assert undecided(kitchen) == ()
    (kept,) = undecided(other)
    assert (kept.contradiction, kept.job_id) == (Contradiction.NOT_ITS_JOB, job.id)
    assert (kept.doses, kept.facts) == ((), {})
    book(other, kept)
    assert kitchen.job(job.id) == job
    assert other.stocks()[0] == (FULL, 0)
