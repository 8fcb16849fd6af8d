"""Bugs planted in how the server reads and books a report."""

# pyright: basic, reportPrivateUsage=false

from dataclasses import replace
from typing import Any

from yaguts.domain.errors import BadReport
from yaguts.domain.jobs import job as jobs_domain
from yaguts.domain.jobs import report as report_domain
from yaguts.domain.jobs.job import JobState
from yaguts.domain.stock import ledger as ledger_domain
from yaguts.domain.stock import orphan_report as orphan_domain
from yaguts.domain.units import Milligrams
from yaguts.services.delivery import orphan_reports, reports
from yaguts.storage import ledger, replacements
from yaguts.storage.db import database
from yaguts_sim.faults.kinds import FaultKind
from yaguts_sim.mutants.mutant import Mutant, Replaced

_GARBAGE = {FaultKind.GARBAGE: 0.95}


def _planned_amount_charged() -> list[Replaced]:
    def settlements(job: Any) -> Any:
        whole = tuple(replace(dose, fell_at_most_mg=dose.quantity) for dose in job.doses)
        return ledger_domain.settlements(replace(job, doses=whole))

    return [(reports, "settlements", settlements)]


def _late_report_refused() -> list[Replaced]:
    rows = {JobState.FAILED: {}, JobState.CANCELED: {}}
    return [(jobs_domain.TABLE, state, row) for state, row in rows.items()]


def _anybody_may_report() -> list[Replaced]:
    return [(replacements, "is_its_job", lambda *_: True)]


def _amounts_not_checked() -> list[Replaced]:
    return [(report_domain, "problem_of_amounts", lambda _reported, _most: None)]


def _garbage_refused() -> list[Replaced]:
    def refused(job: Any, report: Any) -> Any:
        if report_domain.contradiction(job, report) is not None:
            raise BadReport
        return report_domain.settle_doses(job, report)

    return [(reports, "settle_doses", refused)]


def _garbage_charged_twice() -> list[Replaced]:
    def doubled(job: Any) -> Any:
        lines = ledger_domain.settlements(job)
        return [replace(line, amount=2 * line.amount) for line in lines] if job.review else lines

    return [(reports, "settlements", doubled)]


def _garbage_moves_other_jars() -> list[Replaced]:
    def of_others(job: Any) -> Any:
        lines = ledger_domain.settlements(job)
        return [replace(line, jar=line.jar % 4 + 1) for line in lines] if job.review else lines

    return [(reports, "settlements", of_others)]


def _garbage_charges_nothing() -> list[Replaced]:
    without_report = report_domain._without_report

    def nothing(dose: Any, _at_most: Any) -> Any:
        return without_report(dose, Milligrams(0))

    return [(report_domain, "_without_report", nothing)]


def _repeats_booked_again() -> list[Replaced]:
    complete = reports.complete

    def again(site: Any, caller: Any, job_id: int, received: Any) -> Any:
        before = site.database
        with before.read() as connection:
            known = reports._find(connection, job_id, received.key)
        job = complete(site, caller, job_id, received)
        if known is not None and known.reported:
            charged = ledger_domain.settlements(known)
            lines = [replace(line, job_id=None, dose_order=None) for line in charged]
            with before.write() as connection:
                ledger.book(connection, caller.id, lines, site.clock())
        return job

    return [
        (reports, "complete", again),
        (database, "_PRAGMAS", (*database._PRAGMAS, "PRAGMA ignore_check_constraints=ON")),
    ]


def _kept_report_charged_twice() -> list[Replaced]:
    def doubled(report: Any) -> Any:
        return [replace(line, amount=2 * line.amount) for line in orphan_domain.charges(report)]

    return [(orphan_reports, "charges", doubled)]


REPORT_MUTANTS = {
    "planned amount charged": Mutant(
        "not what fell is charged, but what was planned", ("I5",), 100, _planned_amount_charged
    ),
    "late report dropped": Mutant(
        "a report after the time-out is answered and not booked",
        ("I5", "I6"),
        200,
        _late_report_refused,
        {FaultKind.LONG_OUTAGE: 0.9},
    ),
    "anybody may report": Mutant(
        "another dispenser's report is booked", ("I9",), 300, _anybody_may_report
    ),
    "amounts not checked": Mutant(
        "negative grams are booked", ("I9",), 300, _amounts_not_checked, _GARBAGE
    ),
    "garbage refused": Mutant(
        "a report that contradicts its job is refused, as before",
        ("I9",),
        100,
        _garbage_refused,
        _GARBAGE,
    ),
    "garbage charged twice": Mutant(
        "garbage books more than was planned", ("I9",), 100, _garbage_charged_twice, _GARBAGE
    ),
    "garbage moves other jars": Mutant(
        "garbage is charged to jars that are not the job's",
        ("I9",),
        100,
        _garbage_moves_other_jars,
        _GARBAGE,
    ),
    "garbage charges nothing": Mutant(
        "what garbage does not tell did not fall", ("I9",), 100, _garbage_charges_nothing, _GARBAGE
    ),
    "repeats booked again": Mutant(
        "a report sent twice is charged twice, and the database lets it",
        ("I5",),
        400,
        _repeats_booked_again,
        {FaultKind.DOUBLE_REQUEST: 0.95},
    ),
    "kept report charged twice": Mutant(
        "a report that its owner books counts double",
        ("I5",),
        400,
        _kept_report_charged_twice,
        {FaultKind.RESTORED: 0.95},
    ),
}
