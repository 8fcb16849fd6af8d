"""Calibrate a jar with a kitchen scale, run by run. Every step is stored."""

from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from yaguts.api.schemas.calibration import RunIn, WeightIn
from yaguts.domain.errors import Conflict, YagutsError
from yaguts.domain.units import milligrams, milliseconds
from yaguts.http.fields import IdInPath
from yaguts.services.jobs import calibration
from yaguts.services.runtime.hub import kitchen_topic
from yaguts.web.errors import local
from yaguts.web.forms import FormDep, Refusal, checked, number, typed, whole
from yaguts.web.live import live
from yaguts.web.pages.jars import ONE, NumberInPath, ShortText
from yaguts.web.static_files import HOME
from yaguts.web.views.calibration import drawn
from yaguts.web.visit import Context, OwnersVisitDep, Visit
from yaguts_wire.values import MAX_ID

router = APIRouter(prefix=f"{ONE}/calibration")


@router.get("")
def show(
    visit: OwnersVisitDep, dispenser_id: IdInPath, number_: NumberInPath, back: ShortText = ""
) -> Response:
    """Show the calibration."""
    return _page(visit, dispenser_id, number_, back=_local(back))


@router.get("/live")
def follow(
    visit: OwnersVisitDep, dispenser_id: IdInPath, number_: NumberInPath, back: ShortText = ""
) -> Response:
    """Send the runs whenever one begins or ends."""
    calibration.look(visit.site, visit.kitchen_id, dispenser_id, number_)

    def look() -> str:
        later = visit.later()
        context = _context(later, dispenser_id, number_)
        return later.html(
            "parts/calibration.html", **context | {"back": local(back) if back else ""}
        )

    return live(visit.site, kitchen_topic(visit.kitchen_id), look)


@router.post("/run")
def run(
    visit: OwnersVisitDep, dispenser_id: IdInPath, number_: NumberInPath, form: FormDep
) -> Response:
    """Order a run."""
    fields = {"jar": number_, "duration": number(typed(form, "seconds"))}
    back = typed(form, "back")
    try:
        duration = milliseconds(checked(RunIn, fields, visit.language).duration)
        calibration.order_run(
            visit.site, visit.kitchen_id, dispenser_id, number_, duration, visit.actor
        )
    except (Refusal, Conflict) as error:
        return _wrong(visit, dispenser_id, number_, "seconds", error, back)
    return _again(visit, dispenser_id, number_, back)


@router.post("/weigh")
def weigh(
    visit: OwnersVisitDep, dispenser_id: IdInPath, number_: NumberInPath, form: FormDep
) -> Response:
    """Store what the scale says."""
    job_id, back = whole(typed(form, "job"), 1, MAX_ID) or MAX_ID, typed(form, "back")
    fields = {"weight": number(typed(form, "amount"))}
    try:
        weight = milligrams(checked(WeightIn, fields, visit.language).weight)
        calibration.weigh(visit.site, visit.kitchen_id, job_id, weight, visit.actor)
    except Refusal as error:
        return _wrong(visit, dispenser_id, number_, f"run-{job_id}", error, back)
    return _again(visit, dispenser_id, number_, back)


@router.post("/repeat")
def repeat(
    visit: OwnersVisitDep, dispenser_id: IdInPath, number_: NumberInPath, form: FormDep
) -> Response:
    """Put a run aside."""
    job_id = whole(typed(form, "job"), 1, MAX_ID) or MAX_ID
    calibration.put_aside(visit.site, visit.kitchen_id, job_id)
    return _again(visit, dispenser_id, number_, typed(form, "back"))


@router.post("/accept")
def accept(
    visit: OwnersVisitDep, dispenser_id: IdInPath, number_: NumberInPath, form: FormDep
) -> Response:
    """Accept the rate."""
    back = typed(form, "back")
    try:
        calibration.accept(visit.site, visit.kitchen_id, dispenser_id, number_, visit.actor)
    except Conflict as error:
        return _wrong(visit, dispenser_id, number_, "seconds", error, back)
    return visit.go(_local(back) or f"{HOME}dispensers/{dispenser_id}/jars/{number_}")


def _local(back: str) -> str:
    return local(back) if back else ""


def _again(visit: Visit, dispenser_id: int, number_: int, back: str) -> Response:
    address = f"{HOME}dispensers/{dispenser_id}/jars/{number_}/calibration"
    return visit.go(f"{address}?{urlencode({'back': local(back)})}" if back else address)


def _wrong(
    visit: Visit,
    dispenser_id: int,
    number_: int,
    place: str,
    error: Refusal | YagutsError,
    back: str,
) -> Response:
    """The page again, with what is wrong beside the field."""
    status, problem = visit.wrong(error)
    return _page(visit, dispenser_id, number_, status, problems={place: problem}, back=back)


def _page(
    visit: Visit,
    dispenser_id: int,
    number_: int,
    status: int = 200,
    *,
    problems: dict[str, str] | None = None,
    back: str = "",
) -> Response:
    shown = _context(visit, dispenser_id, number_) | {"problems": problems or {}, "back": back}
    return visit.page("jars/calibration.html", status, **shown)


def _context(visit: Visit, dispenser_id: int, number_: int) -> Context:
    seen = calibration.look(visit.site, visit.kitchen_id, dispenser_id, number_)
    return {"seen": seen, "plot": drawn(seen), "problems": {}, "back": ""}
