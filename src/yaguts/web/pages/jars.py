"""Jars: spice, stock and rate; refill, weigh, look at the movements, print labels."""

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.datastructures import FormData
from starlette.responses import Response

from yaguts.api.schemas.configuration import JarIn, jar_changes
from yaguts.domain.errors import NotAsShown, YagutsError
from yaguts.domain.jobs.smallest_dose import smallest_dose
from yaguts.domain.units import milligrams
from yaguts.http.fields import NO_FLAG, IdInPath, IdInQuery, Inbound
from yaguts.services.pantry import configuration, replaced, spoons, stock
from yaguts.services.pantry.as_shown import Aspect
from yaguts.services.pantry.configuration import JarChange
from yaguts.web.amounts.asking import ask_capacity, ask_level, ask_rate, ask_refill
from yaguts.web.amounts.typed import Choice
from yaguts.web.errors import local, local_or_blank
from yaguts.web.forms import FormDep, Refusal, checked, grams, number, typed
from yaguts.web.jar_address import JAR_PATH, JarAddress, JarDep
from yaguts.web.static_files import PAGES
from yaguts.web.views.shown.jar import told_of_jar, unchanged, was
from yaguts.web.views.spice_names import proposed
from yaguts.web.visit import OwnersVisitDep, Visit, VisitDep

router = APIRouter()

ShortText = Annotated[str, Query(max_length=200)]


class Refill(Inbound):
    """What somebody poured into a jar, in grams."""

    amount: Annotated[float, Field(gt=0, le=100_000), NO_FLAG] = Field(alias="amount")


@router.get("/jars")
def shelves(visit: VisitDep) -> Response:
    """Show all jars of all dispensers."""
    return visit.page("jars/jars.html", shelves=stock.shelves(visit.site, visit.kitchen_id))


@router.get("/jars/labels")
def labels(visit: VisitDep) -> Response:
    """Show a label for each jar, to be printed. Its QR code leads to the jar's page."""
    shelves = stock.shelves(visit.site, visit.kitchen_id)
    shown = {"shelves": shelves, "server": visit.server, "pages": f"{visit.server}{PAGES}/"}
    return visit.page("jars/labels.html", 200, here_only=visit.here_only, **shown)


@router.get("/dispensers/{dispenser_id}/jars")
def choose(
    visit: OwnersVisitDep, dispenser_id: IdInPath, spice: ShortText = "", back: ShortText = ""
) -> Response:
    """Show the jars from which one is chosen for a spice."""
    shelf = stock.shelf(visit.site, visit.kitchen_id, dispenser_id)
    return visit.page("jars/choose_jar.html", shelf=shelf, spice=spice, back=local(back), was=was)


@router.get(JAR_PATH)
def show(
    visit: VisitDep,
    jar: JarDep,
    open: ShortText = "",  # noqa: A002
    back: ShortText = "",
    before: IdInQuery = None,
) -> Response:
    """Show one jar. `before` asks for older movements."""
    return jar_page(visit, jar, opened=open, back=local_or_blank(back), before=before)


@router.post(f"{JAR_PATH}/refill")
def refill(visit: VisitDep, jar: JarDep, form: FormDep) -> Response:
    """Book a refill."""
    try:
        seen = _seen(visit, jar)
        fields = {"amount": _grams(visit, seen, form)}
        poured = milligrams(checked(Refill, fields, visit.language).amount)
        ask_refill(form, seen.level.jar, seen.movements, poured, visit.language)
        site = unchanged(visit, jar)
        stock.refill(site, visit.kitchen_id, jar.dispenser_id, jar.number, poured, visit.actor)
    except (Refusal, NotAsShown) as error:
        return wrong_on_jar_page(visit, jar, "refill", error)
    return visit.go(_back(form, jar))


@router.post(f"{JAR_PATH}/weigh")
def weigh(visit: OwnersVisitDep, jar: JarDep, form: FormDep) -> Response:
    """Book what the kitchen scale says is in the jar."""

    def change() -> JarChange:
        seen = _seen(visit, jar)
        changed = _checked(visit, jar, stock=_grams(visit, seen, form))
        weighed = changed.get("stock")
        if weighed is not None:
            ask_level(form, seen.level.jar, weighed, visit.language)
        return changed

    return _change(visit, jar, form, change, "weigh", "stock")


@router.post(f"{JAR_PATH}/rate")
def calibrate(visit: OwnersVisitDep, jar: JarDep, form: FormDep) -> Response:
    """Set the rate."""

    def change() -> JarChange:
        changed = _checked(visit, jar, rate=number(form, "amount", visit.language))
        rate = changed.get("rate")
        if rate is not None:
            ask_rate(form, _seen(visit, jar).level.jar, rate, visit.language)
        return changed

    return _change(visit, jar, form, change, "rate", "rate")


@router.post(f"{JAR_PATH}/capacity")
def set_capacity(visit: OwnersVisitDep, jar: JarDep, form: FormDep) -> Response:
    """Set how much fits into the jar."""

    def change() -> JarChange:
        seen = _seen(visit, jar)
        changed = _checked(visit, jar, capacity=_grams(visit, seen, form))
        capacity = changed.get("capacity")
        if capacity is not None:
            ask_capacity(form, seen.level.jar, capacity, visit.language)
        return changed

    return _change(visit, jar, form, change, "capacity")


def _change(
    visit: Visit,
    jar: JarAddress,
    form: FormData,
    change: Callable[[], JarChange],
    opened: str,
    *aspects: Aspect,
) -> Response:
    try:
        changes = [(jar.number, change())]
        site = unchanged(visit, jar, *aspects)
        configuration.set_jars(site, visit.kitchen_id, changes, visit.actor, jar.dispenser_id)
    except (Refusal, NotAsShown) as error:
        return wrong_on_jar_page(visit, jar, opened, error)
    return visit.go(_back(form, jar))


def _checked(visit: Visit, jar: JarAddress, **fields: str | None) -> JarChange:
    """The change that the API's schema makes of a field. Raises `Refusal`."""
    checked_in = checked(JarIn, {"number": jar.number, **fields}, visit.language)
    ((_, change),) = jar_changes([checked_in])
    return change


def _grams(visit: Visit, seen: stock.Contents, form: FormData) -> str | None:
    """The amount of the jar's spice that was typed. Raises `Refusal`."""
    weighed = spoons.weighed(visit.site, visit.kitchen_id)
    return grams(form, visit.language, seen.level.jar.label, weighed)


def _seen(visit: Visit, jar: JarAddress) -> stock.Contents:
    return stock.look_into(visit.site, visit.kitchen_id, jar.dispenser_id, jar.number)


def _back(form: FormData, jar: JarAddress) -> str:
    """The page that the form was opened from, or else the jar's."""
    return local_or_blank(typed(form, "back")) or jar.page


def wrong_on_jar_page(
    visit: Visit, jar: JarAddress, opened: str, error: Refusal | YagutsError
) -> Response:
    """The jar's page again, with what is wrong beside the form that was sent."""
    status, problem = visit.wrong(error)
    if isinstance(error, NotAsShown):
        problem = told_of_jar(error, visit.language)
    problems, back = {opened: problem}, local_or_blank(visit.sent("back"))
    choices = error.choices.get("amount", ()) if isinstance(error, Refusal) else ()
    return jar_page(
        visit, jar, status, problems=problems, opened=opened, back=back, choices=choices
    )


def jar_page(
    visit: Visit,
    jar: JarAddress,
    status: int = 200,
    *,
    problems: Mapping[str, str] | None = None,
    opened: str = "",
    back: str = "",
    before: int | None = None,
    choices: tuple[Choice, ...] = (),
) -> Response:
    """The page of one jar, with one of its forms open and its problems beside it."""
    seen = stock.look_into(visit.site, visit.kitchen_id, jar.dispenser_id, jar.number, before)
    shown = {"seen": seen, "problems": problems or {}, "opened": opened, "back": back}
    former = replaced.former(visit.site, visit.kitchen_id, jar.dispenser_id, jar.number)
    shown |= {"was": was, "former": former, "spices": proposed(seen.catalogue, visit.language)}
    rate = seen.level.jar.rate
    shown |= {"choices": choices, "smallest": smallest_dose(rate) if rate else None}
    return visit.page("jars/jar.html", status, **shown)
