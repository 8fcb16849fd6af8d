"""A dispenser's heartbeat: what it tells is stored, and it is answered what the board is to do.

Nearly all heartbeats tell nothing but numbers about the board's health. Those are gathered with the
signs of life, without the database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yaguts.domain.dispenser import Dispenser
from yaguts.domain.happenings import ToldHappening
from yaguts.services.dispensers import device_tokens
from yaguts.services.dispensers.updates import offers, told
from yaguts.services.runtime.context import Site


@dataclass(frozen=True, slots=True)
class ToDo:
    """What a heartbeat is answered: whether to renew the token, and the release that is offered."""

    renew_token: bool
    release: int | None


def take(
    site: Site,
    dispenser: Dispenser,
    about: Mapping[str, object],
    status: Mapping[str, object],
    happened: Sequence[ToldHappening],
) -> ToDo:
    """Store a heartbeat. `about` holds firmware and status, as far as they were sent.

    Raises `NotSignedIn` when the token is no longer valid.
    """
    renew = device_tokens.heartbeat(site, dispenser, about, happened)
    site.signs_of_life.told(dispenser.id)
    told.hear(site, dispenser, status)
    to_do = ToDo(renew, offers.offered_to(site, dispenser))
    hashed = dispenser.token_hash or ""
    if to_do == ToDo(renew_token=False, release=None):
        site.beats.note(hashed, about.get("firmware", dispenser.firmware), dispenser.token_since)
    else:
        site.beats.forget(hashed)
    return to_do


def gather(site: Site, token_hash: str, firmware: str, health: Mapping[str, int]) -> bool:
    """Note a heartbeat that tells no more than this, without the database. False: it has to be
    asked, because the version is new, there may be something to do, or a silence ends.
    """
    dispenser_id, now = site.idle.quiet_dispenser_of(token_hash), site.clock()
    if dispenser_id is None or not site.signs_of_life.is_online(dispenser_id, now):
        return False
    if not site.beats.is_known(token_hash, firmware, now):
        return False
    site.signs_of_life.gather(dispenser_id, now, health)
    return True
