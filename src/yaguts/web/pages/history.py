"""History: what was dispensed, order by order, spice by spice, and as a file."""

import csv
from collections.abc import Iterator
from functools import partial
from io import StringIO
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import Response

from yaguts.api.fields import IdInPath, IdInQuery
from yaguts.domain.job import FINAL, Item, State
from yaguts.domain.unclaimed import Unclaimed
from yaguts.sentences import Language
from yaguts.sentences.numbers import plain_grams
from yaguts.sentences.pages import page_text
from yaguts.services import history, unclaimed
from yaguts.services.history import Past
from yaguts.services.messages import utc_text
from yaguts.web.naming import job_name
from yaguts.web.plot import stacked
from yaguts.web.static_files import HOME
from yaguts.web.visit import OwnersVisitDep, Visit, VisitDep
from yaguts.web.watching import doses

router = APIRouter(prefix="/history")

FILTERS = (State.DONE, State.DONE_PARTIAL, State.FAILED, State.CANCELED)
_COLUMNS = (
    "order", "recipe", "people", "state", "ordered", "ended", "jar", "spice", "planned", "most",
    "least", "resumes", "reason",
)  # fmt: skip
_BECOMES_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Wanted = Annotated[str, Query(alias="state", max_length=20)]
Search = Annotated[str, Query(max_length=120)]


@router.get("")
def show(
    visit: VisitDep, wanted: Wanted = "", q: Search = "", before: IdInQuery = None
) -> Response:
    """The orders that have ended: all, or those in one state, of recipes that mention `q`."""
    states = _states(wanted)
    found = history.past(visit.site, visit.kitchen_id, states or FINAL, before, text=q)
    uses = () if before or q or states else history.consumption(visit.site, visit.kitchen_id)
    return visit.page(
        "history.html",
        found=found,
        uses=uses,
        weeks=history.WEEKS,
        plot=stacked([use.weeks for use in uses]),
        filters=FILTERS,
        chosen=states[0] if states else "",
        q=q,
        address=partial(_address, state=wanted if states else "", q=q),
        older=found[-1].job.id if len(found) == history.PAGE else None,
        kept=_kept(visit),
    )


@router.post("/reports/{report_id}/book")
def book(visit: OwnersVisitDep, report_id: IdInPath) -> Response:
    """Charge the jars with what a kept report says."""
    unclaimed.book(visit.site, visit.kitchen_id, report_id, visit.actor)
    return visit.go(f"{HOME}history")


@router.post("/reports/{report_id}/dismiss")
def dismiss(visit: OwnersVisitDep, report_id: IdInPath) -> Response:
    """Have nothing come of it."""
    unclaimed.dismiss(visit.site, visit.kitchen_id, report_id, visit.actor)
    return visit.go(f"{HOME}history")


@router.get("/file")
def as_file(visit: VisitDep, wanted: Wanted = "", q: Search = "") -> Response:
    """Every dose of these orders, as a table that a spreadsheet in the reader's language opens."""
    states = _states(wanted) or FINAL
    found = history.past(visit.site, visit.kitchen_id, states, most=history.MOST, text=q)
    text = StringIO()
    writer = csv.writer(text, delimiter=";" if visit.language == "pt_BR" else ",")
    writer.writerow([page_text(visit.language, f"column.{name}") for name in _COLUMNS])
    for past in found:
        writer.writerows(_rows(past, visit.language))
    headers = {"Content-Disposition": 'attachment; filename="yaguts.csv"'}
    body = (
        "\ufeff" + text.getvalue()
    )  # without it, a spreadsheet takes the accents for something else
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)


def _kept(visit: Visit) -> tuple[Unclaimed, ...]:
    """Only the owner decides about those."""
    return unclaimed.undecided(visit.site, visit.kitchen_id) if visit.person.is_owner else ()


def _states(wanted: str) -> list[State]:
    return [state for state in FILTERS if state == wanted]


def _address(file: str = "", **filters: object) -> str:
    """The page, or the file beside it, with these filters."""
    query = urlencode({name: value for name, value in filters.items() if value})
    return f"{HOME}history{file}?{query}".rstrip("?")


def _rows(past: Past, language: Language) -> Iterator[list[str]]:
    job = past.job
    start = [
        str(job.id),
        _harmless(job_name(job, past.recipe, language)),
        str(job.people),
        page_text(language, f"job.{job.state}"),
        utc_text(job.created_at),
        "" if job.finished_at is None else utc_text(job.finished_at),
    ]
    for dose in doses(job, {}):
        reason = page_text(language, dose.fault) if dose.fault else dose.error or ""
        yield [*start, *_amounts(dose.item, language), _harmless(reason)]


def _amounts(item: Item, language: Language) -> list[str]:
    fell = (item.fell, item.fell_at_least)
    bounds = ["" if amount is None else plain_grams(amount, language) for amount in fell]
    planned = "" if item.by_time else plain_grams(item.quantity, language)
    return [str(item.jar), _harmless(item.spice), planned, *bounds, str(item.resumes)]


def _harmless(text: str) -> str:
    """A spreadsheet would run what looks like a formula."""
    return f"'{text}" if text.startswith(_BECOMES_A_FORMULA) else text
