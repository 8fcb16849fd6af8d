"""Dispensers: pair one, look after it, unpair it."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.responses import Response

from yaguts.api.schemas.configuration import MotorIn
from yaguts.api.schemas.dispensers import JarCount, NameIn
from yaguts.domain.clock import left
from yaguts.domain.dispenser_settings import SETTINGS
from yaguts.domain.errors import JarInUse, NotFound, NotPossibleNow
from yaguts.domain.firmware.release import Channel
from yaguts.http.fields import IdInPath, IdInQuery
from yaguts.http.lan_addresses import bracketed
from yaguts.services.delivery import replacement
from yaguts.services.dispensers import (
    device_tokens,
    dispensers,
    pairing,
    pairing_codes,
    settings,
)
from yaguts.services.dispensers.pairing_codes import PairingCode
from yaguts.services.dispensers.updates import choices
from yaguts.services.pantry import configuration, stock
from yaguts.services.runtime.hub import kitchen_topic
from yaguts.services.tryout import virtual_dispenser
from yaguts.web.forms import FormDep, Refusal, checked, typed, whole
from yaguts.web.live import live
from yaguts.web.static_files import home
from yaguts.web.views.firmware import firmware_view
from yaguts.web.views.happenings import happenings_of
from yaguts.web.views.job_progress import doses
from yaguts.web.views.newcomers import newcomers
from yaguts.web.views.watching.dispenser_state import states_of
from yaguts.web.views.watching.news import KitchenNews
from yaguts.web.visit import Context, OwnersVisitDep, Visit
from yaguts_wire import words as w
from yaguts_wire.limits import MAX_JARS
from yaguts_wire.values import MAX_ID

router = APIRouter(prefix="/dispensers")

STRENGTHS = ((-60, "strong"), (-70, "good"), (-80, "weak"))
MOTOR_INPUTS = {
    "intensity": w.INTENSITY,
    "pre_start_ms": w.PRE_START_MS,
    "post_stop_ms": w.POST_STOP_MS,
    "max_runtime_s": w.MAX_RUNTIME_S,
}


@router.get("/pair")
def pair(visit: OwnersVisitDep) -> Response:
    """Show how a dispenser is paired."""
    return _pairing(visit, None)


@router.post("/pair")
def new_code(visit: OwnersVisitDep, form: FormDep) -> Response:
    """Show a new pairing code, once: only its hash is stored."""
    long = typed(form, "kind") != "short"
    code = pairing_codes.new_code(visit.site, visit.kitchen_id, long=long, address=visit.address)
    return _pairing(visit, code)


@router.get("/pair/live")
def await_pairing(visit: OwnersVisitDep, until: IdInQuery = None) -> Response:
    """Say so as soon as the dispenser has used the code, which is good until then."""
    expires_at = datetime.fromtimestamp(until or 0, UTC)

    def look() -> str:
        later = visit.later()
        return later.html("parts/pairing.html", **_paired(later, expires_at))

    return live(
        visit.site, visit.person.id, kitchen_topic(visit.kitchen_id), look, KitchenNews(visit)
    )


@router.post("/virtual")
def start_virtual(visit: OwnersVisitDep) -> Response:
    """Start a virtual dispenser. It appears in the kitchen by itself."""
    host, port = visit.request.scope["server"]
    server = f"http://{bracketed(host)}:{port}"
    virtual_dispenser.start(visit.site, visit.kitchen_id, server, visit.actor)
    return visit.go()


@router.get("/{dispenser_id}")
def show(visit: OwnersVisitDep, dispenser_id: IdInPath) -> Response:
    """Show one dispenser."""
    return _dispenser(visit, dispenser_id)


@router.post("/{dispenser_id}/name")
def rename(visit: OwnersVisitDep, dispenser_id: IdInPath, form: FormDep) -> Response:
    """Rename it. An empty field gives it its number back."""
    fields = {"name": typed(form, w.NAME) or None}
    try:
        wanted = checked(NameIn, fields, visit.language)
    except Refusal as refusal:
        return _dispenser(visit, dispenser_id, 422, refusal.problems)
    settings.rename(visit.site, visit.kitchen_id, dispenser_id, wanted.name, visit.actor)
    return visit.go(f"{home()}dispensers/{dispenser_id}")


@router.post("/{dispenser_id}/motor")
def set_motor(visit: OwnersVisitDep, dispenser_id: IdInPath, form: FormDep) -> Response:
    """Set how the motor vibrates."""
    try:
        fields = {name: typed(form, input_) for name, input_ in MOTOR_INPUTS.items()}
        motor = checked(MotorIn, fields, visit.language)
    except Refusal as refusal:
        return _dispenser(visit, dispenser_id, 422, refusal.problems)
    changes = motor.model_dump()
    configuration.set_motor(visit.site, visit.kitchen_id, changes, visit.actor, dispenser_id)
    return visit.go(f"{home()}dispensers/{dispenser_id}")


@router.post("/{dispenser_id}/jars")
def set_jar_count(visit: OwnersVisitDep, dispenser_id: IdInPath, form: FormDep) -> Response:
    """Set the number of jars."""
    try:
        count = checked(JarCount, {"jars": typed(form, "count")}, visit.language).jars
        configuration.set_jar_count(visit.site, visit.kitchen_id, dispenser_id, count, visit.actor)
    except (Refusal, JarInUse) as error:
        status, problem = visit.wrong(error)
        return _dispenser(visit, dispenser_id, status, {"count": problem})
    return visit.go(f"{home()}dispensers/{dispenser_id}")


@router.post("/{dispenser_id}/settings/{name}")
def configure(visit: OwnersVisitDep, dispenser_id: IdInPath, name: str, form: FormDep) -> Response:
    """Turn a setting on or off."""
    if name not in SETTINGS:
        raise NotFound(what="page")
    changes = {name: typed(form, "on") == "yes"}
    settings.configure(visit.site, visit.kitchen_id, dispenser_id, changes, visit.actor)
    return visit.go(f"{home()}dispensers/{dispenser_id}")


@router.post("/{dispenser_id}/default")
def make_default(visit: OwnersVisitDep, dispenser_id: IdInPath) -> Response:
    """Make it the default dispenser."""
    settings.make_default(visit.site, visit.kitchen_id, dispenser_id, visit.actor)
    return visit.go(f"{home()}dispensers/{dispenser_id}")


@router.post("/{dispenser_id}/replaces")
def say_what_it_replaces(visit: OwnersVisitDep, dispenser_id: IdInPath, form: FormDep) -> Response:
    """Say which dispenser's board the new one replaces, or none. Said twice is said once."""
    place = whole(typed(form, "place"), 1, MAX_ID)
    if place is None and typed(form, "place") != "none":
        raise NotFound(what="dispenser")
    try:
        moved = replacement.answer(visit.site, visit.kitchen_id, dispenser_id, place, visit.actor)
    except NotPossibleNow:
        moved = dispensers.find(visit.site, visit.kitchen_id, dispenser_id)
    return visit.go(f"{home()}dispensers/{moved.id}")


@router.post("/{dispenser_id}/token")
def want_token(visit: OwnersVisitDep, dispenser_id: IdInPath) -> Response:
    """Have its token renewed."""
    device_tokens.want_token(visit.site, visit.kitchen_id, dispenser_id, visit.actor)
    return visit.go(f"{home()}dispensers/{dispenser_id}")


@router.post("/{dispenser_id}/firmware/now")
def update_now(visit: OwnersVisitDep, dispenser_id: IdInPath) -> Response:
    """Have it take the newest release at once."""
    choices.update_now(visit.site, visit.kitchen_id, dispenser_id, visit.actor)
    return visit.go(f"{home()}dispensers/{dispenser_id}")


@router.post("/{dispenser_id}/firmware/stay")
def stay(visit: OwnersVisitDep, dispenser_id: IdInPath, form: FormDep) -> Response:
    """Have it stay at the release that it runs, or take newer ones again."""
    stays = typed(form, "on") == "yes"
    choices.stay(visit.site, visit.kitchen_id, dispenser_id, visit.actor, stays=stays)
    return visit.go(f"{home()}dispensers/{dispenser_id}")


@router.post("/{dispenser_id}/firmware/channel")
def follow(visit: OwnersVisitDep, dispenser_id: IdInPath, form: FormDep) -> Response:
    """Have it get releases before others, or with all others."""
    channel = Channel.BETA if typed(form, "channel") == Channel.BETA else Channel.STABLE
    choices.follow(visit.site, visit.kitchen_id, dispenser_id, channel, visit.actor)
    return visit.go(f"{home()}dispensers/{dispenser_id}")


@router.get("/{dispenser_id}/unlink")
def ask(visit: OwnersVisitDep, dispenser_id: IdInPath) -> Response:
    """Ask for a confirmation."""
    one = dispensers.find(visit.site, visit.kitchen_id, dispenser_id)
    return visit.page("dispensers/unpair.html", one=one)


@router.post("/{dispenser_id}/unlink")
def unpair(visit: OwnersVisitDep, dispenser_id: IdInPath) -> Response:
    """Unpair the board. Jars and history stay."""
    pairing.unpair(visit.site, visit.kitchen_id, dispenser_id, visit.actor)
    return visit.go(f"{home()}settings")


def _pairing(visit: Visit, code: PairingCode | None) -> Response:
    offered = visit.site.boards.offered
    shown: Context = {"code": code, "server": visit.server, "offered": offered}
    shown |= {"here_only": visit.here_only}
    if code is not None:
        expires_at = code.expires_at.replace(microsecond=0)
        shown |= {"until": int(expires_at.timestamp()), **_paired(visit, expires_at)}
    return visit.page("dispensers/pair.html", **shown)


def _paired(visit: Visit, expires_at: datetime) -> Context:
    """The dispensers that were paired since the code was made, or how it stands with the code."""
    mine = dispensers.all_of(visit.site, visit.kitchen_id)
    paired = [one for one in mine if one.token_since in pairing_codes.used_in(expires_at)]
    known = {"paired": paired, "states": states_of(visit, paired), "newcomers": newcomers(visit)}
    return known | {"expired": not left(expires_at, visit.now)}


def _dispenser(
    visit: Visit, dispenser_id: int, status: int = 200, problems: Mapping[str, str] | None = None
) -> Response:
    shelf = stock.shelf(visit.site, visit.kitchen_id, dispenser_id)
    troubles = dispensers.failed_jobs(visit.site, visit.kitchen_id, dispenser_id)
    return visit.page(
        "dispensers/dispenser.html",
        status,
        one=shelf.dispenser,
        is_now=states_of(visit, [shelf.dispenser])[shelf.dispenser.id],
        firmware=firmware_view(visit, shelf.dispenser),
        newcomers=newcomers(visit),
        settings=asdict(shelf.dispenser.settings),
        happenings=happenings_of(shelf.dispenser),
        signal=_strength(shelf.dispenser.signal_dbm),
        jars=len(shelf.levels),
        most=MAX_JARS,
        troubles=[(job, [dose for dose in doses(job, {}) if dose.failed]) for job in troubles],
        may_start=virtual_dispenser.may_start(visit.site, shelf.dispenser),
        problems=problems or {},
    )


def _strength(signal_dbm: int | None) -> str:
    """The signal strength in a word."""
    if signal_dbm is None:
        return ""
    return next((word for least, word in STRENGTHS if signal_dbm >= least), "poor")
