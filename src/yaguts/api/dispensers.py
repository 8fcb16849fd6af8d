"""Dispensers: pairing, heartbeats, tokens, and the settings that the owner sees."""

from fastapi import APIRouter

from yaguts.api.openapi.refusals import refusals
from yaguts.api.schemas.dispensers import (
    BeatOut,
    ClaimIn,
    ClaimOut,
    CodeOut,
    CodeRequest,
    DispenserIn,
    DispenserOut,
    DispensersOut,
    Heartbeat,
    JarCount,
    JarCountOut,
    NameIn,
    ReplacesIn,
    TokenOut,
    UpdateOfferedOut,
    dispenser_out,
    self_description,
)
from yaguts.domain.dispenser import Dispenser
from yaguts.domain.errors import (
    JarInUse,
    NotFound,
    NotPossibleNow,
    TooMany,
    TooManyAttempts,
    WrongCode,
)
from yaguts.domain.quotas import MOST_DISPENSERS
from yaguts.http.access import ActorDep, AddressDep, DispenserDep, OwnerDep, PersonDep, SiteDep
from yaguts.http.fields import IdInPath, Ok
from yaguts.http.lean.route import DispenserRoute
from yaguts.services.delivery import replacement
from yaguts.services.dispensers import (
    device_tokens,
    dispensers,
    heartbeats,
    pairing,
    pairing_codes,
    settings,
)
from yaguts.services.dispensers.updates import offers
from yaguts.services.pantry import configuration
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.threads import briefly
from yaguts_wire.limits import HEARTBEAT_S

router = APIRouter(tags=["dispensers"], route_class=DispenserRoute)

_FULL = TooMany(what="dispenser", most=MOST_DISPENSERS)
_UNKNOWN = refusals(NotFound(what="dispenser"))


@router.post("/devices/claims")
def new_code(
    site: SiteDep, owner: OwnerDep, address: AddressDep, body: CodeRequest | None = None
) -> CodeOut:
    """Create a pairing code for the signed-in owner's kitchen. It works once, for ten minutes."""
    long = body is not None and body.format is not None
    code = pairing_codes.new_code(site, owner.kitchen_id, long=long, address=address)
    return CodeOut(code=code.text, expires_at=code.expires_at)


@router.post("/devices/claim", responses=refusals(WrongCode(), TooManyAttempts(), _FULL))
@briefly
def claim(site: SiteDep, address: AddressDep, body: ClaimIn) -> ClaimOut:
    """Pair a dispenser with a kitchen by the pairing code that was typed into it."""
    paired = pairing.pair(site, body.uid, body.code, address, self_description(body))
    return ClaimOut(
        device_id=paired.dispenser_id, device_token=paired.token, heartbeat_s=HEARTBEAT_S
    )


@router.post("/devices/me/heartbeat", response_model_exclude_none=True)
def heartbeat(site: SiteDep, dispenser: DispenserDep, body: Heartbeat | None = None) -> BeatOut:
    """Record that a dispenser is online, with its firmware version and status."""
    about = {} if body is None else self_description(body)
    happened = [] if body is None else body.happenings()
    status = (body and body.status) or {}
    to_do = heartbeats.take(site, dispenser, about, status, happened)
    release = to_do.release
    offered = None if release is None else UpdateOfferedOut(release=release, server=offers.SERVER)
    return BeatOut(renew_token=to_do.renew_token or None, update=offered)


@router.post("/devices/me/token")
def renew_token(site: SiteDep, dispenser: DispenserDep) -> TokenOut:
    """Offer the dispenser a new token.

    The old token works until the new one is first used. Each call offers another token.
    """
    return TokenOut(device_token=device_tokens.offer_token(site, dispenser))


@router.get("/me/devices", operation_id="dispensers_mine")
@router.get("/devices")
def listed(site: SiteDep, person: PersonDep) -> DispensersOut:
    """List the kitchen's dispensers."""
    found = _shown(site, *dispensers.all_of(site, person.kitchen_id))
    return DispensersOut(devices=found, online_any=any(dispenser.online for dispenser in found))


@router.get("/devices/{dispenser_id:id}", responses=_UNKNOWN)
def find(site: SiteDep, person: PersonDep, dispenser_id: IdInPath) -> DispenserOut:
    """Return one dispenser."""
    return _shown(site, dispensers.find(site, person.kitchen_id, dispenser_id))[0]


@router.put("/devices/{dispenser_id:id}", responses=_UNKNOWN)
def change(
    site: SiteDep, owner: OwnerDep, actor: ActorDep, dispenser_id: IdInPath, body: DispenserIn
) -> DispenserOut:
    """Change the dispenser's settings. A setting that is left out stays as it is."""
    changes = body.model_dump(exclude_none=True)
    changed = settings.configure(site, owner.kitchen_id, dispenser_id, changes, actor)
    return _shown(site, changed)[0]


@router.put("/devices/{dispenser_id}/default", responses=_UNKNOWN)
def make_default(
    site: SiteDep, owner: OwnerDep, actor: ActorDep, dispenser_id: IdInPath
) -> DispenserOut:
    """Make this the default dispenser: calls that name no dispenser use it."""
    changed = settings.make_default(site, owner.kitchen_id, dispenser_id, actor)
    return _shown(site, changed)[0]


@router.put(
    "/devices/{dispenser_id}/replaces",
    responses=refusals(NotFound(what="dispenser"), NotPossibleNow(event="replace")),
)
def say_what_it_replaces(
    site: SiteDep, owner: OwnerDep, actor: ActorDep, dispenser_id: IdInPath, body: ReplacesIn
) -> DispenserOut:
    """Say which dispenser's board this new one replaces, or none. The two exchange their boards.

    Returns the dispenser that the board belongs to now. Jars, stock and orders stay where they are.
    """
    ids = owner.kitchen_id, dispenser_id
    return _shown(site, replacement.answer(site, *ids, body.replaces, actor))[0]


@router.put("/devices/{dispenser_id}/name", responses=_UNKNOWN)
def rename(
    site: SiteDep, owner: OwnerDep, actor: ActorDep, dispenser_id: IdInPath, body: NameIn
) -> DispenserOut:
    """Name the dispenser."""
    renamed = settings.rename(site, owner.kitchen_id, dispenser_id, body.name, actor)
    return _shown(site, renamed)[0]


@router.put(
    "/devices/{dispenser_id}/jars/count",
    responses=refusals(NotFound(what="dispenser"), JarInUse()),
)
def set_jar_count(
    site: SiteDep, owner: OwnerDep, actor: ActorDep, dispenser_id: IdInPath, body: JarCount
) -> JarCountOut:
    """Set how many jars the dispenser has: 1 to 16."""
    jars = configuration.set_jar_count(site, owner.kitchen_id, dispenser_id, body.jars, actor)
    return JarCountOut(jars=len(jars))


@router.post("/devices/{dispenser_id}/token", responses=_UNKNOWN)
def want_token(site: SiteDep, owner: OwnerDep, actor: ActorDep, dispenser_id: IdInPath) -> Ok:
    """Tell the dispenser to renew its token at its next heartbeat."""
    device_tokens.want_token(site, owner.kitchen_id, dispenser_id, actor)
    return Ok()


@router.delete("/devices/{dispenser_id:id}", status_code=204, responses=_UNKNOWN)
def unlink(site: SiteDep, owner: OwnerDep, actor: ActorDep, dispenser_id: IdInPath) -> None:
    """Unpair the dispenser. Its next call is refused."""
    pairing.unpair(site, owner.kitchen_id, dispenser_id, actor)


def _shown(site: Site, *found: Dispenser) -> list[DispenserOut]:
    newcomers = replacement.asked_about(site, found[0].kitchen_id) if found else frozenset[int]()
    now = site.clock()
    return [dispenser_out(one, now, newcomers) for one in found]
