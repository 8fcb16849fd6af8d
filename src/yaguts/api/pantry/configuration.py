"""Jars and motor: of the default dispenser, as in version 0.1, and of each dispenser by its id."""

from fastapi import APIRouter

from yaguts.api.openapi.refusals import refusals
from yaguts.api.schemas.configuration import (
    JarOut,
    Jars,
    MotorIn,
    MotorOut,
    jar_changes,
    jar_out,
    motor_out,
)
from yaguts.domain.errors import NotFound, RepeatedJar, UnknownJar, UnknownSpice
from yaguts.http.access import ActorDep, OwnerDep, PersonDep, SiteDep
from yaguts.http.fields import IdInPath
from yaguts.services.pantry import configuration

router = APIRouter(tags=["jars and motor"])

_WRONG_JARS = (UnknownJar(), RepeatedJar(), UnknownSpice())
_NO_DISPENSER = NotFound(what="dispenser")


@router.get("/config/robo")
def jars(site: SiteDep, person: PersonDep) -> list[JarOut]:
    """List the default dispenser's jars."""
    return [jar_out(jar) for jar in configuration.jars_of(site, person.kitchen_id)]


@router.put("/config/robo", responses=refusals(*_WRONG_JARS))
def set_jars(site: SiteDep, owner: OwnerDep, actor: ActorDep, body: Jars) -> list[JarOut]:
    """Change some of the default dispenser's jars."""
    return [
        jar_out(jar)
        for jar in configuration.set_jars(site, owner.kitchen_id, jar_changes(body), actor)
    ]


@router.get("/config/motor")
def motor(site: SiteDep, person: PersonDep) -> MotorOut:
    """Return the default dispenser's motor settings."""
    return motor_out(configuration.motor_of(site, person.kitchen_id))


@router.put("/config/motor")
def set_motor(site: SiteDep, owner: OwnerDep, actor: ActorDep, body: MotorIn) -> MotorOut:
    """Change the default dispenser's motor settings."""
    changes = body.model_dump(exclude_unset=True)
    return motor_out(configuration.set_motor(site, owner.kitchen_id, changes, actor))


@router.get("/devices/{dispenser_id}/jars", responses=refusals(_NO_DISPENSER))
def jars_of(site: SiteDep, person: PersonDep, dispenser_id: IdInPath) -> list[JarOut]:
    """List one dispenser's jars."""
    return [jar_out(jar) for jar in configuration.jars_of(site, person.kitchen_id, dispenser_id)]


@router.put("/devices/{dispenser_id}/jars", responses=refusals(_NO_DISPENSER, *_WRONG_JARS))
def set_jars_of(
    site: SiteDep, owner: OwnerDep, actor: ActorDep, dispenser_id: IdInPath, body: Jars
) -> list[JarOut]:
    """Change some of one dispenser's jars."""
    changed = configuration.set_jars(site, owner.kitchen_id, jar_changes(body), actor, dispenser_id)
    return [jar_out(jar) for jar in changed]


@router.get("/devices/{dispenser_id}/motor", responses=refusals(_NO_DISPENSER))
def motor_of(site: SiteDep, person: PersonDep, dispenser_id: IdInPath) -> MotorOut:
    """Return one dispenser's motor settings."""
    return motor_out(configuration.motor_of(site, person.kitchen_id, dispenser_id))


@router.put("/devices/{dispenser_id}/motor", responses=refusals(_NO_DISPENSER))
def set_motor_of(
    site: SiteDep, owner: OwnerDep, actor: ActorDep, dispenser_id: IdInPath, body: MotorIn
) -> MotorOut:
    """Change one dispenser's motor settings."""
    changes = body.model_dump(exclude_unset=True)
    return motor_out(configuration.set_motor(site, owner.kitchen_id, changes, actor, dispenser_id))
