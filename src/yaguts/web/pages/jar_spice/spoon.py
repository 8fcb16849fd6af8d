"""Weigh one spoon: what a spoon of the spice weighs in this kitchen, and where that is from."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter
from pydantic import Field
from starlette.datastructures import FormData
from starlette.responses import Response

from yaguts.domain.amounts.densities import density_of
from yaguts.domain.amounts.measures import Unit
from yaguts.domain.amounts.spoons import WEIGHED_UNITS, WeighedSpoon, weighed_spoon
from yaguts.domain.amounts.unusual import usual_spoon
from yaguts.domain.errors import NotAsShown, UnlabelledJar
from yaguts.domain.recipe import Jar
from yaguts.domain.units import milligrams
from yaguts.http.fields import NO_FLAG, Inbound
from yaguts.services.pantry import spoons, stock
from yaguts.translations.amounts import grams as in_grams
from yaguts.web.amounts.spoons import known_spoons
from yaguts.web.amounts.typed import Choice, unusual
from yaguts.web.errors import local, local_or_blank
from yaguts.web.forms import (
    FormDep,
    Refusal,
    amount_of,
    checked,
    grams,
    insist_on_clear,
    typed,
)
from yaguts.web.jar_address import JAR_PATH, JarAddress, JarDep
from yaguts.web.pages.jars import ShortText
from yaguts.web.views.shown.jar import told_of_jar, unchanged, was
from yaguts.web.visit import Visit, VisitDep

router = APIRouter(prefix=f"{JAR_PATH}/spoon")


class SpoonWeight(Inbound):
    """What a scale says of a spoon, in grams."""

    weight: Annotated[float, Field(gt=0, le=1000), NO_FLAG] = Field(alias="amount")


@router.get("")
def show(visit: VisitDep, jar: JarDep, back: ShortText = "") -> Response:
    """Show what a spoon weighs, and where that is from."""
    return _page(visit, jar, back=local_or_blank(back))


@router.post("")
def weigh(visit: VisitDep, jar: JarDep, form: FormDep) -> Response:
    """Keep what one level spoon weighed."""
    try:
        spoon = _typed(visit, jar, form)
        spoons.weigh(unchanged(visit, jar), visit.kitchen_id, spoon)
    except (Refusal, NotAsShown) as error:
        return _wrong(visit, jar, form, error)
    return _again(visit, jar, form)


@router.post("/forget")
def forget(visit: VisitDep, jar: JarDep, form: FormDep) -> Response:
    """Forget what the spoon weighed."""
    try:
        spice = _spice(_jar(visit, jar))
        spoons.forget(unchanged(visit, jar), visit.kitchen_id, spice)
    except NotAsShown as error:
        return _wrong(visit, jar, form, error)
    return _again(visit, jar, form)


def _typed(visit: Visit, jar: JarAddress, form: FormData) -> WeighedSpoon:
    """The spoon that was weighed. Raises `Refusal`, also for a weight that is asked back."""
    spice, unit = _spice(_jar(visit, jar)), _unit(form)
    fields = {"weight": grams(form, visit.language, None)}
    weight = milligrams(checked(SpoonWeight, fields, visit.language).weight)
    usual = usual_spoon(unit, density_of(spice))
    if not usual.least <= weight <= usual.most:
        told = {name: in_grams(each, visit.language) for name, each in usual._asdict().items()}
        sent = amount_of(form)
        insist_on_clear(unusual(sent, weight, visit.language, "amount.unusual_spoon", **told))
    return WeighedSpoon(spice, unit, weight)


def _unit(form: FormData) -> Unit:
    chosen = typed(form, "unit")
    return next((unit for unit in WEIGHED_UNITS if unit == chosen), WEIGHED_UNITS[0])


def _jar(visit: Visit, jar: JarAddress) -> Jar:
    return stock.look_into(visit.site, visit.kitchen_id, jar.dispenser_id, jar.number).level.jar


def _spice(jar: Jar) -> str:
    """The spice of the jar. Raises `UnlabelledJar`."""
    if jar.label is None:
        raise UnlabelledJar(jar=jar.number)
    return jar.label


def _again(visit: Visit, jar: JarAddress, form: FormData) -> Response:
    back = typed(form, "back")
    query = f"?{urlencode({'back': local(back)})}" if back else ""
    return visit.go(f"{jar.page}/spoon{query}")


def _wrong(visit: Visit, jar: JarAddress, form: FormData, error: Refusal | NotAsShown) -> Response:
    """The page again, with what is wrong or asked beside the field."""
    status, problem = visit.wrong(error)
    if isinstance(error, NotAsShown):
        problem = told_of_jar(error, visit.language)
    choices = error.choices.get("amount", ()) if isinstance(error, Refusal) else ()
    back = local_or_blank(typed(form, "back"))
    return _page(visit, jar, status, {"spoon": problem}, back=back, choices=choices)


def _page(
    visit: Visit,
    jar: JarAddress,
    status: int = 200,
    problems: Mapping[str, str] | None = None,
    *,
    back: str = "",
    choices: tuple[Choice, ...] = (),
) -> Response:
    one = _jar(visit, jar)
    spice = _spice(one)
    own = weighed_spoon(spice, spoons.weighed(visit.site, visit.kitchen_id))
    return visit.page(
        "jars/spoon.html",
        status,
        jar=one,
        address=jar.page,
        own=own,
        table=density_of(spice),
        known=known_spoons(spice, own, visit.language),
        units=WEIGHED_UNITS,
        unit=visit.sent("unit") or (own.unit if own else WEIGHED_UNITS[0]),
        problems=problems or {},
        back=back,
        choices=choices,
        was=was,
    )
