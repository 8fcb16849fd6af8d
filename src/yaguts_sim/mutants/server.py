"""The mutants of the server."""

# pyright: basic, reportPrivateUsage=false

from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from yaguts.domain.jobs import deadlines
from yaguts.domain.jobs import job as jobs_domain
from yaguts.domain.jobs import report as report_domain
from yaguts.domain.jobs.job import Effect, JobEvent, JobState
from yaguts.domain.stock import ledger as ledger_domain
from yaguts.domain.stock import orphan_report as orphan_domain
from yaguts.domain.units import Milligrams
from yaguts.services.delivery import expiry, handover, orphan_reports, reports
from yaguts.storage import jobs as jobs_storage
from yaguts.storage import ledger
from yaguts.storage.db import database
from yaguts_sim.faults.kinds import FaultKind
from yaguts_sim.mutants.mutant import Mutant, Replaced


def _two_transactions() -> list[Replaced]:
    complete = reports.complete

    def split(site: Any, dispenser_id: int, job_id: int, received: Any) -> Any:
        lines: list[Any] = []
        book = ledger.book

        def later(connection: Any, *arguments: Any) -> None:
            lines.append(arguments)

        ledger.book = later
        try:
            job = complete(site, dispenser_id, job_id, received)
        finally:
            ledger.book = book
        for arguments in lines:
            with site.database.write() as connection:
                book(connection, *arguments)
        return job

    return [(reports, "complete", split)]


def _old_yes_counts() -> list[Replaced]:
    def may_go_on(job: jobs_domain.Job) -> bool:
        return job.state == JobState.RUNNING and job.answered is not None

    return [(jobs_domain.Job, "may_go_on", property(may_go_on))]


def _answered_before_it_is_booked() -> list[Replaced]:
    complete = reports.complete

    def rolled_back(site: Any, dispenser_id: int, job_id: int, received: Any) -> Any:
        original = site.database.write

        class Hasty:
            def __getattr__(self, name: str) -> Any:
                return getattr(site.database, name)

            def write(self) -> Any:
                return _without_commit(original)

        return complete(replace(site, database=Hasty()), dispenser_id, job_id, received)

    return [(reports, "complete", rolled_back)]


def _without_commit(write: Any) -> Any:
    class Undo(Exception):
        pass

    @contextmanager
    def undone() -> Any:
        try:
            with write() as connection:
                yield connection
                raise Undo
        except Undo:
            pass

    return undone()


def _synchronous_normal() -> list[Replaced]:
    pragmas = tuple(pragma.replace("FULL", "NORMAL") for pragma in database._PRAGMAS)
    return [(database, "_PRAGMAS", pragmas)]


def _planned_amount_charged() -> list[Replaced]:
    def settlements(job: Any) -> Any:
        whole = tuple(replace(dose, fell_at_most_mg=dose.quantity) for dose in job.doses)
        return ledger_domain.settlements(replace(job, doses=whole))

    return [(reports, "settlements", settlements)]


def _holds_never_released() -> list[Replaced]:
    return [(reports, "releases", lambda _job: ())]


def _late_report_refused() -> list[Replaced]:
    rows = {JobState.FAILED: {}, JobState.CANCELED: {}}
    return [(jobs_domain.TABLE, state, row) for state, row in rows.items()]


def _cancel_not_charged() -> list[Replaced]:
    def settlements(job: Any) -> Any:
        return () if job.state == JobState.CANCELED else ledger_domain.settlements(job)

    return [(reports, "settlements", settlements)]


def _cancelled_job_may_start() -> list[Replaced]:
    row = {
        **jobs_domain.TABLE[JobState.CANCELED],
        JobEvent.ACCEPTED: (JobState.CANCELED, Effect.NONE),
    }
    return [(jobs_domain.TABLE, JobState.CANCELED, row), *_number_ignored()]


def _time_to_live_ignored() -> list[Replaced]:
    accept = handover.accept

    def timeless(site: Any, dispenser_id: int, job_id: int, key: str, number: Any) -> None:
        with site.database.read() as connection:
            ordered_at = handover.jobs.find(connection, job_id).created_at
        accept(replace(site, clock=lambda: ordered_at), dispenser_id, job_id, key, number)

    def overdue(job: Any, now: Any) -> Any:
        return None if job.state in jobs_domain.WAITING else deadlines.overdue(job, now)

    return [
        (handover, "accept", timeless),
        (handover, "overdue", overdue),
        (expiry, "overdue", overdue),
    ]


def _any_key_accepted() -> list[Replaced]:
    accept = handover.accept

    def careless(site: Any, dispenser_id: int, job_id: int, _key: str, number: Any) -> None:
        with site.database.read() as connection:
            key = handover.jobs.find(connection, job_id).key
        accept(site, dispenser_id, job_id, key, number)

    return [(handover, "accept", careless)]


def _number_ignored() -> list[Replaced]:
    def accepted(job: Any, _number: Any, now: Any) -> Any:
        return jobs_domain.advance(job, JobEvent.ACCEPTED, now)[0]

    return [(handover, "accepted", accepted)]


def _anybody_may_report() -> list[Replaced]:
    return [(reports, "of_dispenser", lambda job, _dispenser: job)]


def _amounts_not_checked() -> list[Replaced]:
    return [(report_domain, "_check_amounts", lambda _reported, _dose: None)]


def _repeats_booked_again() -> list[Replaced]:
    complete = reports.complete

    def again(site: Any, dispenser_id: int, job_id: int, received: Any) -> Any:
        before = site.database
        with before.read() as connection:
            known = reports._find(connection, job_id, received.key)
        job = complete(site, dispenser_id, job_id, received)
        if known is not None and known.reported:
            charged = ledger_domain.settlements(known)
            lines = [replace(line, job_id=None, dose_order=None) for line in charged]
            with before.write() as connection:
                ledger.book(connection, dispenser_id, lines, site.clock())
        return job

    return [
        (reports, "complete", again),
        (database, "_PRAGMAS", (*database._PRAGMAS, "PRAGMA ignore_check_constraints=ON")),
    ]


def _running_job_served_again() -> list[Replaced]:
    row = {**jobs_domain.TABLE[JobState.RUNNING], JobEvent.OFFERED: (JobState.OFFERED, Effect.NONE)}
    return [(handover, "WAITING", jobs_domain.ACTIVE), (jobs_domain.TABLE, JobState.RUNNING, row)]


def _line_not_kept() -> list[Replaced]:
    return [(jobs_storage, "_FIRST", jobs_storage._of_dispenser(jobs_domain.ACTIVE).limit(1))]


def _anybody_may_start() -> list[Replaced]:
    first_of = jobs_storage.first_of

    def anybodys(connection: Any, dispenser_id: int) -> Any:
        mine = first_of(connection, dispenser_id)
        return mine or first_of(connection, 1 if dispenser_id == 2 else 2)

    return [
        (jobs_storage, "first_of", anybodys),
        (handover, "of_dispenser", lambda job, _dispenser: job),
        *_running_job_served_again(),
    ]


def _total_not_moved() -> list[Replaced]:
    return [(ledger, "IN_THE_JAR", ledger.IN_THE_JAR - {ledger_domain.MovementKind.SETTLE})]


def _promise_not_moved() -> list[Replaced]:
    return [(ledger, "HELD", ledger.HELD - {ledger_domain.MovementKind.RELEASE})]


def _given_up_is_charged() -> list[Replaced]:
    def settle(job: Any) -> Any:
        whole = tuple(replace(dose, fell_at_most_mg=dose.quantity) for dose in job.doses)
        charged = ledger_domain.settlements(replace(job, doses=whole))
        return (*ledger_domain.releases(job), *charged)

    return [(expiry, "releases", settle)]


def _kept_report_charged_twice() -> list[Replaced]:
    def doubled(report: Any) -> Any:
        return [replace(line, amount=2 * line.amount) for line in orphan_domain.charges(report)]

    return [(orphan_reports, "charges", doubled)]


def _stock_set_to_what_was_planned() -> list[Replaced]:
    settle = reports.settle

    def corrected(connection: Any, before: Any, settled: Any, now: Any) -> Any:
        after = settle(connection, before, settled, now)
        for dose in after.doses:
            missing = dose.quantity - (dose.fell_at_most_mg or 0)
            stock = ledger.stock(connection, after.dispenser_id, dose.jar)
            if stock is not None and missing:
                ledger.correct(
                    connection, after.dispenser_id, dose.jar, Milligrams(stock - missing), now
                )
        return after

    return [(reports, "settle", corrected)]


def _count_not_lost() -> list[Replaced]:
    return [(ledger, "lose_count", lambda _connection, _dispenser, _jars: None)]


def _silent_job_stays() -> list[Replaced]:
    return [(expiry, "overdue", lambda _job, _now: None)]


SERVER_MUTANTS = {
    "two transactions": Mutant(
        "job and stock are booked one after the other",
        ("I5", "I8"),
        800,
        _two_transactions,
        {FaultKind.SERVER_KILLED: 0.95},
    ),
    "synchronous=NORMAL": Mutant(
        "a commit does not wait for the disk",
        ("I6",),
        200,
        _synchronous_normal,
        {FaultKind.SERVER_POWER: 0.95},
    ),
    "answered before it is booked": Mutant(
        "200 does not mean durable", ("I6", "I5", "I8"), 20, _answered_before_it_is_booked
    ),
    "planned amount charged": Mutant(
        "not what fell is charged, but what was planned", ("I5",), 100, _planned_amount_charged
    ),
    "holds never released": Mutant(
        "stock stays promised after the report", ("I8", "I5"), 20, _holds_never_released
    ),
    "late report dropped": Mutant(
        "a report after the time-out is answered and not booked",
        ("I5", "I6"),
        200,
        _late_report_refused,
        {FaultKind.LONG_OUTAGE: 0.9},
    ),
    "cancel not charged": Mutant(
        "what fell before a cancel is not charged, as in v0.1", ("I5",), 100, _cancel_not_charged
    ),
    "cancelled job may start": Mutant(
        "an acceptance after the cancel is granted",
        ("I7",),
        600,
        _cancelled_job_may_start,
        {FaultKind.CANCEL: 0.95},
    ),
    "time to live ignored": Mutant(
        "a job from long ago may start",
        ("I4",),
        400,
        _time_to_live_ignored,
        {FaultKind.WIFI_DOWN: 0.95},
    ),
    "any key accepted": Mutant(
        "another job of the same number may start", ("I9", "I7"), 300, _any_key_accepted
    ),
    "acceptance number ignored": Mutant(
        "a copy of a board may start its job, too",
        ("I7",),
        400,
        _number_ignored,
        {FaultKind.FLASH_COPIED: 0.95},
    ),
    "anybody may report": Mutant(
        "another dispenser's report is booked", ("I9",), 300, _anybody_may_report
    ),
    "amounts not checked": Mutant(
        "a report of more than was ordered is booked", ("I9",), 300, _amounts_not_checked
    ),
    "repeats booked again": Mutant(
        "a report sent twice is charged twice, and the database lets it",
        ("I5",),
        400,
        _repeats_booked_again,
        {FaultKind.DOUBLE_REQUEST: 0.95},
    ),
    "running job served again": Mutant(
        "a job is served until it is reported, as in v0.1",
        ("I1", "I4"),
        400,
        _running_job_served_again,
        {FaultKind.FACTORY_RESET: 0.95},
    ),
    "line not kept": Mutant(
        "the latest order is served first", ("I7",), 200, _line_not_kept, {FaultKind.ORDER: 0.95}
    ),
    "anybody may start": Mutant(
        "two dispensers are given one job", ("I7",), 200, _anybody_may_start
    ),
    "total not moved": Mutant(
        "the stock that is shown is not the sum of its movements", ("I5",), 20, _total_not_moved
    ),
    "promise not moved": Mutant(
        "a release is written down and not counted", ("I5",), 20, _promise_not_moved
    ),
    "given up is charged": Mutant(
        "a job that nobody reported is charged as planned",
        ("I5",),
        200,
        _given_up_is_charged,
        {FaultKind.WIFI_DOWN: 0.9},
    ),
    "kept report charged twice": Mutant(
        "a report that its owner books counts double",
        ("I5",),
        400,
        _kept_report_charged_twice,
        {FaultKind.RESTORED: 0.95},
    ),
    "stock set, not moved": Mutant(
        "the stock becomes what the plan says, as in v0.1",
        ("I5",),
        100,
        _stock_set_to_what_was_planned,
    ),
    "count not lost": Mutant(
        "a jar that ran by time keeps a stock that nobody knows",
        ("I5",),
        400,
        _count_not_lost,
        {FaultKind.ORDER: 0.95},
    ),
    "old yes counts": Mutant(
        "what was said to an earlier question answers a later one",
        ("I7",),
        400,
        _old_yes_counts,
        {FaultKind.ASKS: 0.95, FaultKind.POWER_CUT: 0.95, FaultKind.SOFT_RESET: 0.95},
    ),
    "silent job stays": Mutant(
        "a job that nobody reports never ends",
        ("I8",),
        200,
        _silent_job_stays,
        {FaultKind.FACTORY_RESET: 0.9},
    ),
}
