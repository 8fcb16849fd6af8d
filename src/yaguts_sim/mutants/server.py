"""Bugs planted in the server: orders, handover, stock."""

# pyright: basic, reportPrivateUsage=false

from dataclasses import replace
from typing import Any

from yaguts.domain.jobs import job as jobs_domain
from yaguts.domain.jobs.job import Effect, JobEvent, JobState
from yaguts.domain.stock import ledger as ledger_domain
from yaguts.domain.units import Milligrams
from yaguts.services.delivery import expiry, handover, reports
from yaguts.storage import jobs as jobs_storage
from yaguts.storage import ledger, replacements
from yaguts_sim.faults.kinds import FaultKind
from yaguts_sim.mutants.mutant import Mutant, Replaced


def _old_yes_counts() -> list[Replaced]:
    def may_go_on(job: jobs_domain.Job) -> bool:
        return job.state == JobState.RUNNING and job.answered is not None

    return [(jobs_domain.Job, "may_go_on", property(may_go_on))]


def _holds_never_released() -> list[Replaced]:
    return [(reports, "releases", lambda _job: ())]


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


def _any_key_accepted() -> list[Replaced]:
    accept = handover.accept

    def careless(site: Any, caller: Any, job_id: int, _key: str, number: Any) -> None:
        with site.database.read() as connection:
            key = handover.jobs.find(connection, job_id).key
        accept(site, caller, job_id, key, number)

    return [(handover, "accept", careless)]


def _number_ignored() -> list[Replaced]:
    def accepted(job: Any, _number: Any, now: Any) -> Any:
        return jobs_domain.advance(job, JobEvent.ACCEPTED, now)[0]

    return [(handover, "accepted", accepted)]


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
        (handover, "is_of_dispenser", lambda _job, _dispenser: True),
        (replacements, "is_its_job", lambda _connection, _dispenser, _job: True),
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


SERVER_MUTANTS = {
    "holds never released": Mutant(
        "stock stays promised after the report", ("I8", "I5"), 20, _holds_never_released
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
        rare_before=60,
    ),
    "old yes counts": Mutant(
        "what was said to an earlier question answers a later one",
        ("I7",),
        400,
        _old_yes_counts,
        {FaultKind.ASKS: 0.95, FaultKind.POWER_CUT: 0.95, FaultKind.SOFT_RESET: 0.95},
    ),
}
