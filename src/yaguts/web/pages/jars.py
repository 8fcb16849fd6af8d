"""Jars: spice, stock and rate; refill, weigh, look at the movements, print labels."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.datastructures import FormData
from starlette.responses import Response

from yaguts.api.schemas.configuration import JarIn, jar_changes
from yaguts.domain.errors import UnknownSpice, YagutsError
from yaguts.domain.units import milligrams
from yaguts.http.fields import NO_FLAG, IdInPath, IdInQuery, Inbound
from yaguts.services.pantry import configuration, stock
from yaguts.web.errors import local, local_or_blank
from yaguts.web.forms import FormDep, Refusal, checked, number, typed
from yaguts.web.jar_address import JAR_PATH, JarAddress, JarDep
from yaguts.web.static_files import PAGES
from yaguts.web.visit import OwnersVisitDep, Visit, VisitDep

router = APIRouter()

THIS_COMPUTER = {"localhost", "127.0.0.1", "::1"}
"""Hosts by which no telephone reaches the server."""

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
    here_only = urlsplit(visit.server).hostname in THIS_COMPUTER
    return visit.page("jars/labels.html", 200, here_only=here_only, **shown)


@router.get("/dispensers/{dispenser_id}/jars")
def choose(
    visit: OwnersVisitDep, dispenser_id: IdInPath, spice: ShortText = "", back: ShortText = ""
) -> Response:
    """Show the jars from which one is chosen for a spice."""
    shelf = stock.shelf(visit.site, visit.kitchen_id, dispenser_id)
    return visit.page("jars/choose_jar.html", shelf=shelf, spice=spice, back=local(back))


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


@router.post(f"{JAR_PATH}/spice")
def assign(visit: OwnersVisitDep, jar: JarDep, form: FormDep) -> Response:
    """Give the jar to a spice, or to none."""
    spice = typed(form, "spice") or None
    try:
        stock.assign(visit.site, visit.kitchen_id, jar.dispenser_id, jar.number, spice, visit.actor)
    except UnknownSpice as error:
        return wrong_on_jar_page(visit, jar, "spice", error)
    if spice is None:
        return visit.go(jar.page)
    # The new spice has no rate yet, and without a rate nothing can be ordered.
    after = urlencode({"back": local(typed(form, "back"))})
    return visit.go(f"{jar.page}/calibration?{after}")


@router.post(f"{JAR_PATH}/refill")
def refill(visit: VisitDep, jar: JarDep, form: FormDep) -> Response:
    """Book a refill."""
    fields = {"amount": number(typed(form, "amount"))}
    try:
        poured = milligrams(checked(Refill, fields, visit.language).amount)
    except Refusal as error:
        return wrong_on_jar_page(visit, jar, "refill", error)
    stock.refill(visit.site, visit.kitchen_id, jar.dispenser_id, jar.number, poured, visit.actor)
    return visit.go(_back(form, jar))


@router.post(f"{JAR_PATH}/weigh")
def weigh(visit: OwnersVisitDep, jar: JarDep, form: FormDep) -> Response:
    """Book what the kitchen scale says is in the jar."""
    fields = {"stock": number(typed(form, "amount"))}
    return _change(visit, jar, form, fields, "weigh")


@router.post(f"{JAR_PATH}/rate")
def calibrate(visit: OwnersVisitDep, jar: JarDep, form: FormDep) -> Response:
    """Set the rate."""
    fields = {"rate": number(typed(form, "amount"))}
    return _change(visit, jar, form, fields, "rate")


def _change(
    visit: Visit,
    jar: JarAddress,
    form: FormData,
    fields: dict[str, str | None],
    opened: str,
) -> Response:
    try:
        change = checked(JarIn, {"number": jar.number, **fields}, visit.language)
    except Refusal as error:
        return wrong_on_jar_page(visit, jar, opened, error)
    changes = jar_changes([change])
    configuration.set_jars(visit.site, visit.kitchen_id, changes, visit.actor, jar.dispenser_id)
    return visit.go(_back(form, jar))


def _back(form: FormData, jar: JarAddress) -> str:
    """The page that the form was opened from, or else the jar's."""
    return local_or_blank(typed(form, "back")) or jar.page


def wrong_on_jar_page(
    visit: Visit, jar: JarAddress, opened: str, error: Refusal | YagutsError
) -> Response:
    """The jar's page again, with what is wrong beside the form that was sent."""
    status, problem = visit.wrong(error)
    problems = {opened: problem}
    return jar_page(visit, jar, status, problems=problems, opened=opened)


def jar_page(
    visit: Visit,
    jar: JarAddress,
    status: int = 200,
    *,
    problems: Mapping[str, str] | None = None,
    opened: str = "",
    back: str = "",
    before: int | None = None,
) -> Response:
    """The page of one jar, with one of its forms open and its problems beside it."""
    seen = stock.look_into(visit.site, visit.kitchen_id, jar.dispenser_id, jar.number, before)
    shown = {"seen": seen, "problems": problems or {}, "opened": opened, "back": back}
    return visit.page("jars/jar.html", status, **shown)
