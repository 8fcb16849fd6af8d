"""History: what was dispensed, order by order, spice by spice, and as a file."""

import csv
import re
from collections.abc import Iterator
from datetime import timedelta, tzinfo
from functools import partial
from io import StringIO
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import Response

from yaguts.domain.clock import Window, lately
from yaguts.domain.jobs.job import FINAL, Dose, JobState
from yaguts.domain.stock.orphan_report import OrphanReport
from yaguts.http.fields import IdInPath, IdInQuery
from yaguts.services.delivery import orphan_reports
from yaguts.services.jobs import history
from yaguts.services.jobs.history import Past
from yaguts.translations import Language
from yaguts.translations.amounts import plain_grams
from yaguts.translations.pages import page_text
from yaguts.web.static_files import home
from yaguts.web.time_zone import written
from yaguts.web.views.columns import stacked
from yaguts.web.views.job_name import job_name
from yaguts.web.views.job_progress import doses
from yaguts.web.views.orphan_report import nothing_fell, told
from yaguts.web.visit import OwnersVisitDep, Visit, VisitDep

router = APIRouter(prefix="/history")

FILTERS = (JobState.DONE, JobState.DONE_PARTIAL, JobState.FAILED, JobState.CANCELED)
PERIODS = (7, 30, 365)
"""Periods in days."""
REPORTS = 10
"""A page shows this many orphan reports."""
_COLUMNS = (
    "order", "recipe", "people", "state", "ordered", "ended", "jar", "spice", "planned", "most",
    "least", "resumes", "reason",
)  # fmt: skip
_FORMULA = re.compile(r"(^|[;,\t\r\n])(\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")
"""The beginning of a formula, of a cell or of what a spreadsheet with the other separator takes
for one. Spreadsheets also take the signs in their full width.
"""

Wanted = Annotated[str, Query(alias="state", max_length=20)]
HistorySearch = Annotated[str, Query(max_length=120)]
Days = Annotated[str, Query(max_length=20)]


@router.get("")
def show(
    visit: VisitDep,
    wanted: Wanted = "",
    q: HistorySearch = "",
    days: Days = "",
    before: IdInQuery = None,
    report: IdInQuery = None,
) -> Response:
    """Show the jobs that have ended.

    All jobs, or those in one state, of recipes that mention `q`, of the last `days`. `report`: show
    the orphan reports after this one.
    """
    states, period = _states(wanted), _period(days)
    ordered = _lately(visit, period)
    found = history.past(
        visit.site, visit.kitchen_id, states or FINAL, before, text=q, ordered=ordered
    )
    unfiltered = not (before or q or states or period)
    undecided = _undecided(visit, report)
    uses = history.consumption(visit.site, visit.kitchen_id) if unfiltered else ()
    return visit.page(
        "history.html",
        found=found,
        uses=uses,
        weeks=history.WEEKS,
        plot=stacked([use.weeks for use in uses]),
        filters=FILTERS,
        chosen=states[0] if states else "",
        periods=PERIODS,
        period=period,
        q=q,
        address=partial(_address, state=wanted if states else "", q=q, days=period),
        older=found[-1].job.id if len(found) == history.PAGE else None,
        orphan_reports=undecided[:REPORTS],
        more_reports=len(undecided) > REPORTS,
        told=told,
        nothing_fell=nothing_fell,
    )


@router.post("/reports/{report_id}/book")
def book(visit: OwnersVisitDep, report_id: IdInPath) -> Response:
    """Book an orphan report."""
    orphan_reports.book(visit.site, visit.kitchen_id, report_id, visit.actor)
    return visit.go(f"{home()}history")


@router.post("/reports/{report_id}/dismiss")
def dismiss(visit: OwnersVisitDep, report_id: IdInPath) -> Response:
    """Dismiss an orphan report."""
    orphan_reports.dismiss(visit.site, visit.kitchen_id, report_id, visit.actor)
    return visit.go(f"{home()}history")


@router.get("/file")
def as_file(
    visit: VisitDep, wanted: Wanted = "", q: HistorySearch = "", days: Days = ""
) -> Response:
    """Every dose of these jobs, as a table that a spreadsheet in the reader's language opens."""
    states, ordered = _states(wanted) or FINAL, _lately(visit, _period(days))
    text = StringIO()
    writer = csv.writer(text, delimiter=";" if visit.language == "pt_BR" else ",")
    writer.writerow([page_text(visit.language, f"column.{name}") for name in _COLUMNS])
    for past in history.every(visit.site, visit.kitchen_id, states, q, ordered):
        writer.writerows(_rows(past, visit.language, visit.zone))
    headers = {"Content-Disposition": 'attachment; filename="yaguts.csv"'}
    body = "\ufeff" + text.getvalue()  # Without it a spreadsheet misreads the accents.
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)


def _undecided(visit: Visit, after: int | None) -> tuple[OrphanReport, ...]:
    """A page of the orphan reports and one more, which only the owner sees."""
    if not visit.person.is_owner:
        return ()
    return orphan_reports.undecided(visit.site, visit.kitchen_id, after, REPORTS + 1)


def _states(wanted: str) -> list[JobState]:
    return [state for state in FILTERS if state == wanted]


def _period(days: str) -> int:
    """One of the periods in days; 0 is all time."""
    return next((period for period in PERIODS if str(period) == days), 0)


def _lately(visit: Visit, period: int) -> Window | None:
    return lately(visit.site.clock(), timedelta(days=period)) if period else None


def _address(file: str = "", **filters: object) -> str:
    """The address of the page, or of the file, with these filters."""
    query = urlencode({name: value for name, value in filters.items() if value})
    return f"{home()}history{file}?{query}".rstrip("?")


def _rows(past: Past, language: Language, zone: tzinfo | None) -> Iterator[list[str]]:
    job = past.job
    start = [
        str(job.id),
        _harmless(job_name(job, language)),
        str(job.people),
        page_text(language, f"job.{job.state}"),
        written(job.created_at, zone),
        "" if job.finished_at is None else written(job.finished_at, zone),
    ]
    for dose in doses(job, {}):
        reason = page_text(language, dose.fault) if dose.fault else dose.error or ""
        yield [*start, *_amounts(dose.dose, language), _harmless(reason)]
    by_hand = page_text(language, "history.by_hand")
    for part in past.by_hand:
        planned = plain_grams(part.quantity, language)
        yield [*start, by_hand, _harmless(part.spice), planned, "", "", "", ""]


def _amounts(dose: Dose, language: Language) -> list[str]:
    fell = (dose.fell_at_most_mg, dose.fell_at_least_mg)
    bounds = ["" if amount is None else plain_grams(amount, language) for amount in fell]
    planned = "" if dose.by_time else plain_grams(dose.quantity, language)
    return [str(dose.jar), _harmless(dose.spice), planned, *bounds, str(dose.resumes)]


def _harmless(text: str) -> str:
    """Escape what a spreadsheet would run as a formula."""
    return _FORMULA.sub(r"\1'\2", text)
