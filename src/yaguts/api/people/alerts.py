"""A person's alerts: where they go, what they are about, and when it is quiet."""

from fastapi import APIRouter

from yaguts.api.openapi.refusals import refusals
from yaguts.api.schemas.alerts import (
    AlertChoicesIn,
    AlertsOut,
    AlertTargetIn,
    NewAlertTargetOut,
    alerts_out,
    new_target_out,
)
from yaguts.domain.errors import BadTarget, NotFound, TooManyTargets
from yaguts.http.access import PersonDep, SiteDep
from yaguts.http.fields import IdInPath, Ok
from yaguts.services.alerts import targets

router = APIRouter(prefix="/avisos", tags=["alerts"])


@router.get("")
def show(site: SiteDep, person: PersonDep) -> AlertsOut:
    """Return where the person's alerts go, and what they chose."""
    return alerts_out(targets.settings_of(site, person))


@router.put("")
def choose(site: SiteDep, person: PersonDep, body: AlertChoicesIn) -> AlertsOut:
    """Choose what to be told, and quiet hours."""
    return alerts_out(targets.choose(site, person, body.choices()))


@router.post("/destinos", status_code=201, responses=refusals(BadTarget(), TooManyTargets()))
def add(site: SiteDep, person: PersonDep, body: AlertTargetIn) -> NewAlertTargetOut:
    """Add a place to which alerts go. The key of a webhook is in this answer only."""
    return new_target_out(targets.add(site, person, body.address, body.language))


@router.post("/destinos/{target_id}/teste", responses=refusals(NotFound(what="target")))
def test(site: SiteDep, person: PersonDep, target_id: IdInPath) -> Ok:
    """Send a test within seconds. What comes of it is told by the list."""
    targets.test(site, person, target_id)
    return Ok()


@router.delete(
    "/destinos/{target_id}", status_code=204, responses=refusals(NotFound(what="target"))
)
def remove(site: SiteDep, person: PersonDep, target_id: IdInPath) -> None:
    """Remove a place, with the alerts that were not delivered there."""
    targets.remove(site, person, target_id)
