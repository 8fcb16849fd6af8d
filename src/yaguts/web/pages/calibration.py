"""Calibrate a jar with a kitchen scale, run by run. Every step is stored."""

from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from yaguts.api.schemas.calibration import RunIn, WeightIn
from yaguts.domain.errors import Conflict, YagutsError
from yaguts.domain.units import Milligrams, milligrams, milliseconds
from yaguts.services.jobs import calibration
from yaguts.services.runtime.hub import kitchen_topic
from yaguts.web.amounts.asking import ask_fall
from yaguts.web.amounts.typed import Choice
from yaguts.web.errors import local, local_or_blank
from yaguts.web.forms import FormDep, Refusal, checked, grams, number, typed, whole
from yaguts.web.jar_address import JAR_PATH, JarAddress, JarDep
from yaguts.web.live import live
from yaguts.web.pages.jars import ShortText
from yaguts.web.views.calibration import drawn
from yaguts.web.views.watching.news import KitchenNews
from yaguts.web.visit import Context, OwnersVisitDep, Visit
from yaguts_wire.values import MAX_ID

router = APIRouter(prefix=f"{JAR_PATH}/calibration")


@router.get("")
def show(visit: OwnersVisitDep, jar: JarDep, back: ShortText = "") -> Response:
    """Show the calibration."""
    return _page(visit, jar, back=local_or_blank(back))


@router.get("/live")
def follow(visit: OwnersVisitDep, jar: JarDep, back: ShortText = "") -> Response:
    """Send the runs whenever one begins or ends."""
    calibration.look(visit.site, visit.kitchen_id, jar.dispenser_id, jar.number)

    def look() -> str:
        later = visit.later()
        context = _context(later, jar)
        return later.html("parts/calibration.html", **context | {"back": local_or_blank(back)})

    return live(
        visit.site, visit.person.id, kitchen_topic(visit.kitchen_id), look, KitchenNews(visit)
    )


@router.post("/run")
def run(visit: OwnersVisitDep, jar: JarDep, form: FormDep) -> Response:
    """Order a run."""
    back = typed(form, "back")
    try:
        fields = {"jar": jar.number, "duration": number(form, "seconds", visit.language)}
        duration = milliseconds(checked(RunIn, fields, visit.language).duration)
        calibration.order_run(
            visit.site, visit.kitchen_id, jar.dispenser_id, jar.number, duration, visit.actor
        )
    except (Refusal, Conflict) as error:
        return _wrong(visit, jar, "seconds", error, back)
    return _again(visit, jar, back)


@router.post("/weigh")
def weigh(visit: OwnersVisitDep, jar: JarDep, form: FormDep) -> Response:
    """Store what the scale says."""
    job_id, back = whole(typed(form, "job"), 1, MAX_ID) or MAX_ID, typed(form, "back")
    try:
        fields = {"weight": grams(form, visit.language, None)}
        weight = milligrams(checked(WeightIn, fields, visit.language).weight)
        ask_fall(form, weight, _expected(visit, jar, job_id), visit.language)
        calibration.weigh(visit.site, visit.kitchen_id, job_id, weight, visit.actor)
    except Refusal as error:
        return _wrong(visit, jar, f"run-{job_id}", error, back)
    return _again(visit, jar, back)


@router.post("/repeat")
def repeat(visit: OwnersVisitDep, jar: JarDep, form: FormDep) -> Response:
    """Put a run aside."""
    job_id = whole(typed(form, "job"), 1, MAX_ID) or MAX_ID
    calibration.put_aside(visit.site, visit.kitchen_id, job_id)
    return _again(visit, jar, typed(form, "back"))


@router.post("/accept")
def accept(visit: OwnersVisitDep, jar: JarDep, form: FormDep) -> Response:
    """Accept the rate."""
    back = typed(form, "back")
    try:
        calibration.accept(visit.site, visit.kitchen_id, jar.dispenser_id, jar.number, visit.actor)
    except Conflict as error:
        return _wrong(visit, jar, "seconds", error, back)
    return visit.go(local_or_blank(back) or jar.page)


def _expected(visit: Visit, jar: JarAddress, job_id: int) -> Milligrams | None:
    """What should have fallen in the run: by the run before, or else by the jar's rate."""
    seen = calibration.look(visit.site, visit.kitchen_id, jar.dispenser_id, jar.number)
    run = next((each for each in seen.runs if each.job.id == job_id), None)
    return None if run is None else seen.expected(run)


def _again(visit: Visit, jar: JarAddress, back: str) -> Response:
    address = f"{jar.page}/calibration"
    return visit.go(f"{address}?{urlencode({'back': local(back)})}" if back else address)


def _wrong(
    visit: Visit,
    jar: JarAddress,
    place: str,
    error: Refusal | YagutsError,
    back: str,
) -> Response:
    """The page again, with what is wrong beside the field."""
    status, problem = visit.wrong(error)
    choices = error.choices.get("amount", ()) if isinstance(error, Refusal) else ()
    return _page(visit, jar, status, problems={place: problem}, back=back, choices=choices)


def _page(
    visit: Visit,
    jar: JarAddress,
    status: int = 200,
    *,
    problems: dict[str, str] | None = None,
    back: str = "",
    choices: tuple[Choice, ...] = (),
) -> Response:
    shown = _context(visit, jar) | {"problems": problems or {}, "back": back}
    shown |= {"choices": choices}
    return visit.page("jars/calibration.html", status, **shown)


def _context(visit: Visit, jar: JarAddress) -> Context:
    seen = calibration.look(visit.site, visit.kitchen_id, jar.dispenser_id, jar.number)
    return {"seen": seen, "plot": drawn(seen), "problems": {}, "back": "", "choices": ()}
