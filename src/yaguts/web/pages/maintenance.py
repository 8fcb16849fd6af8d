"""Maintenance: a dose or a purge from a jar's page, and a cleaning of emptied jars."""

from fastapi import APIRouter
from starlette.responses import Response

from yaguts.api.schemas.maintenance import CleaningIn, DoseIn, PurgeIn
from yaguts.domain.errors import Conflict
from yaguts.domain.jobs.job import Job
from yaguts.domain.units import milligrams, milliseconds
from yaguts.http.fields import IdInPath
from yaguts.services.jobs import maintenance
from yaguts.services.pantry import spoons, stock
from yaguts.web.amounts.asking import ask_dose
from yaguts.web.forms import FormDep, Refusal, checked, grams, number, typed_all
from yaguts.web.jar_address import JAR_PATH, JarDep
from yaguts.web.pages.jars import wrong_on_jar_page
from yaguts.web.static_files import home
from yaguts.web.views.shown.jar import unchanged
from yaguts.web.visit import OwnersVisitDep, Visit, VisitDep

router = APIRouter()


@router.post(f"{JAR_PATH}/dose")
def dose(visit: VisitDep, jar: JarDep, form: FormDep) -> Response:
    """Order a dose."""
    try:
        seen = stock.look_into(visit.site, visit.kitchen_id, jar.dispenser_id, jar.number)
        weighed = spoons.weighed(visit.site, visit.kitchen_id)
        amount = grams(form, visit.language, seen.level.jar.label, weighed)
        fields = {"jar": jar.number, "quantity": amount}
        quantity = milligrams(checked(DoseIn, fields, visit.language).quantity)
        ask_dose(form, seen.level.jar, seen.movements, quantity, visit.language)
        job = maintenance.order_dose(
            unchanged(visit, jar),
            visit.kitchen_id,
            jar.dispenser_id,
            jar.number,
            quantity,
            visit.actor,
        )
    except (Refusal, Conflict) as error:
        return wrong_on_jar_page(visit, jar, "dose", error)
    return _watch(visit, job)


@router.post(f"{JAR_PATH}/purge")
def purge(visit: OwnersVisitDep, jar: JarDep, form: FormDep) -> Response:
    """Order a purge."""
    try:
        fields = {"jar": jar.number, "duration": number(form, "amount", visit.language)}
        duration = milliseconds(checked(PurgeIn, fields, visit.language).duration)
        job = maintenance.order_purge(
            unchanged(visit, jar),
            visit.kitchen_id,
            jar.dispenser_id,
            jar.number,
            duration,
            visit.actor,
        )
    except (Refusal, Conflict) as error:
        return wrong_on_jar_page(visit, jar, "purge", error)
    return _watch(visit, job)


@router.get("/dispensers/{dispenser_id}/cleaning")
def choose_jars(visit: OwnersVisitDep, dispenser_id: IdInPath) -> Response:
    """Show the jars that can be cleaned."""
    return _cleaning(visit, dispenser_id)


@router.post("/dispensers/{dispenser_id}/cleaning")
def clean(visit: OwnersVisitDep, dispenser_id: IdInPath, form: FormDep) -> Response:
    """Order a cleaning."""
    try:
        wanted = checked(CleaningIn, {"jars": typed_all(form, "jar")}, visit.language)
        job = maintenance.order_cleaning(
            visit.site, visit.kitchen_id, dispenser_id, wanted.jars, visit.actor
        )
    except (Refusal, Conflict) as error:
        return _cleaning(visit, dispenser_id, *visit.wrong(error))
    return _watch(visit, job)


def _cleaning(visit: Visit, dispenser_id: int, status: int = 200, wrong: str = "") -> Response:
    shelf = stock.shelf(visit.site, visit.kitchen_id, dispenser_id)
    chosen = typed_all(visit.form, "jar")
    return visit.page("jars/cleaning.html", status, shelf=shelf, wrong=wrong, chosen=chosen)


def _watch(visit: Visit, job: Job) -> Response:
    return visit.go(f"{home()}jobs/{job.id}")
