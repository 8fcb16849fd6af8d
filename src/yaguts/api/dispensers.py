"""Dispensers: linking one to its owner, its signs of life, and what the owner sees of it."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError, to_json

from yaguts.api.access import AddressDep, DispenserDep, PersonDep, SiteDep
from yaguts.api.fields import PRINTABLE, IdInPath, Inbound, JarNumber, Outbound, UtcTime, trimmed
from yaguts.domain.dispenser import Dispenser
from yaguts.services import claims, configuration, dispensers
from yaguts_wire import words as w

router = APIRouter(tags=["dispensers"])

HEARTBEAT_S = 30
MOST_STATUS_BYTES = 1024


def _insist_on_small(status: dict[str, Any]) -> dict[str, Any]:
    if len(to_json(status)) > MOST_STATUS_BYTES:
        raise PydanticCustomError("too_large", "a small object")
    return status


Short = Annotated[str, trimmed(40, shortest=0), PRINTABLE]


class CodeRequest(Inbound):
    """Which kind of code; without a kind, six digits, all that firmware 0.1 takes."""

    format: str | None = Field(None, alias=w.FORMAT, pattern=f"^{w.LONG_FORMAT}$")


class CodeOut(Outbound):
    """A code to type into the dispenser."""

    code: str
    expires_at: UtcTime


class ClaimIn(Inbound):
    """A dispenser that was given a code."""

    uid: Annotated[str, trimmed(64, shortest=4), PRINTABLE] = Field(alias=w.UID)
    code: Short = Field(alias=w.CLAIM_CODE)
    firmware: Short | None = Field(None, alias=w.FIRMWARE)
    mac: Short | None = Field(None, alias=w.MAC)


class ClaimOut(Outbound):
    """The dispenser's identity from now on."""

    device_id: int
    device_token: str
    heartbeat_s: int = Field(serialization_alias=w.HEARTBEAT_S)


class Heartbeat(Inbound):
    """How a dispenser is."""

    firmware: Short | None = Field(None, alias=w.FIRMWARE)
    status: Annotated[dict[str, Any], AfterValidator(_insist_on_small)] | None = None


class DispenserOut(Outbound):
    """A dispenser as its owner sees it."""

    id: int
    uid: str | None
    firmware: str | None = Field(serialization_alias=w.FIRMWARE)
    last_seen: UtcTime | None
    online: bool
    is_default: bool = Field(serialization_alias=w.IS_DEFAULT)


class DispensersOut(Outbound):
    """A person's dispensers."""

    devices: list[DispenserOut]
    online_any: bool


class JarCount(Inbound):
    """How many jars the dispenser has."""

    jars: JarNumber = Field(alias=w.JARS)


@router.post("/devices/claims")
def new_code(site: SiteDep, person: PersonDep, body: CodeRequest | None = None) -> CodeOut:
    """A code that links a dispenser to whoever is signed in: once, within ten minutes."""
    long = body is not None and body.format is not None
    code = claims.new_code(site, person.id, long=long)
    return CodeOut(code=code.text, expires_at=code.expires_at)


@router.post("/devices/claim")
def claim(site: SiteDep, address: AddressDep, body: ClaimIn) -> ClaimOut:
    """The dispenser's call with the code that its owner read to it."""
    linked = claims.claim(site, body.uid, body.code, address, _told(body))
    return ClaimOut(
        device_id=linked.dispenser_id, device_token=linked.token, heartbeat_s=HEARTBEAT_S
    )


@router.post("/devices/me/heartbeat")
def heartbeat(
    site: SiteDep, dispenser: DispenserDep, body: Heartbeat | None = None
) -> dict[str, bool]:
    """A dispenser's sign of life."""
    dispensers.heartbeat(site, dispenser, {} if body is None else _told(body))
    return {w.OK: True}


@router.get("/me/devices")
@router.get("/devices")
def listed(site: SiteDep, person: PersonDep) -> DispensersOut:
    """The person's dispensers."""
    now = site.clock()
    mine = [_out(dispenser, now) for dispenser in dispensers.all_of(site, person.id)]
    return DispensersOut(devices=mine, online_any=any(dispenser.online for dispenser in mine))


@router.get("/devices/{dispenser_id}")
def find(site: SiteDep, person: PersonDep, dispenser_id: IdInPath) -> DispenserOut:
    """One dispenser."""
    return _out(dispensers.find(site, person.id, dispenser_id), site.clock())


@router.put("/devices/{dispenser_id}/default")
def make_default(site: SiteDep, person: PersonDep, dispenser_id: IdInPath) -> DispenserOut:
    """Make this the dispenser that calls naming none are about."""
    return _out(dispensers.make_default(site, person.id, dispenser_id), site.clock())


@router.put("/devices/{dispenser_id}/jars/count")
def set_jar_count(
    site: SiteDep, person: PersonDep, dispenser_id: IdInPath, body: JarCount
) -> dict[str, int]:
    """Say how many jars the dispenser has: 1 to 16."""
    jars = configuration.set_jar_count(site, person.id, dispenser_id, body.jars)
    return {w.JARS: len(jars)}


@router.delete("/devices/{dispenser_id}", status_code=204)
def unlink(site: SiteDep, person: PersonDep, dispenser_id: IdInPath) -> None:
    """End the dispenser's access, from its next call on."""
    dispensers.unlink(site, person.id, dispenser_id)


def _told(body: ClaimIn | Heartbeat) -> dict[str, object]:
    return body.model_dump(include={"firmware", "mac", "status"}, exclude_none=True)


def _out(dispenser: Dispenser, now: datetime) -> DispenserOut:
    return DispenserOut(
        id=dispenser.id,
        uid=dispenser.uid,
        firmware=dispenser.firmware,
        last_seen=dispenser.last_seen_at,
        online=dispenser.online(now),
        is_default=dispenser.is_default,
    )
