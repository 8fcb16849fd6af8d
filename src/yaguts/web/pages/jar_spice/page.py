"""The spice of a jar: give the jar to another one, and take that back."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from yaguts.domain.errors import NotAsShown
from yaguts.domain.recipe import Jar, same_spice
from yaguts.http.fields import PRINTABLE, Inbound, trimmed
from yaguts.services.pantry import replaced, stock
from yaguts.web.errors import local, local_or_blank
from yaguts.web.forms import FormDep, Refusal, checked, typed
from yaguts.web.jar_address import JAR_PATH, JarAddress, JarDep
from yaguts.web.pages.jars import wrong_on_jar_page
from yaguts.web.views.shown.jar import unchanged, was
from yaguts.web.visit import OwnersVisitDep, Visit

router = APIRouter(prefix=f"{JAR_PATH}/spice")


class JarSpice(Inbound):
    """The spice that somebody types for a jar."""

    spice: Annotated[str, trimmed(60), PRINTABLE] = Field(alias="spice")


@router.post("")
def assign(visit: OwnersVisitDep, jar: JarDep, form: FormDep) -> Response:
    """Give the jar to a spice, or to none. Asks before a spice is replaced."""
    spice = typed(form, "spice") or None
    where = (visit.kitchen_id, jar.dispenser_id, jar.number)
    before = stock.look_into(visit.site, *where).level.jar
    try:
        if spice is not None:
            spice = checked(JarSpice, {"spice": spice}, visit.language).spice
        site = unchanged(visit, jar)
        if not typed(form, "sure") and _replaces(before, spice):
            return _ask(visit, jar, before, spice)
        stock.assign(site, *where, spice, visit.actor)
    except (Refusal, NotAsShown) as error:
        return wrong_on_jar_page(visit, jar, "spice", error)
    back = typed(form, "back")
    if spice is None or stock.look_into(visit.site, *where).level.jar.rate:
        return visit.go(local_or_blank(back) or jar.page)
    # Without a rate nothing can be ordered.
    return visit.go(f"{jar.page}/calibration?{urlencode({'back': local(back)})}")


@router.post("/undo")
def undo(visit: OwnersVisitDep, jar: JarDep) -> Response:
    """Give the jar back to the spice before."""
    try:
        site = unchanged(visit, jar)
        replaced.undo(site, visit.kitchen_id, jar.dispenser_id, jar.number, visit.actor)
    except NotAsShown as error:
        return wrong_on_jar_page(visit, jar, "spice", error)
    return visit.go(jar.page)


def _replaces(before: Jar, spice: str | None) -> bool:
    """Whether a spice would have to leave the jar."""
    return before.label is not None and not same_spice(before.label, spice or "")


def _ask(visit: Visit, jar: JarAddress, before: Jar, spice: str | None) -> Response:
    back = local_or_blank(visit.sent("back"))
    shown = {"one": before, "spice": spice, "address": jar.page, "back": back, "was": was}
    return visit.page("jars/replace.html", 200, **shown)
