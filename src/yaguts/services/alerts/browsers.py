"""Browsers that take alerts: allowed in one, found again, and moved to another address."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from yaguts.domain.alerts.browsers import browser_address, browser_name
from yaguts.domain.alerts.delivery import MOST_TARGETS, AlertTarget
from yaguts.domain.errors import BadTarget, NotFound, NotSignedIn, TooManyTargets
from yaguts.domain.people import Person
from yaguts.services.alerts.sealing import TargetSecret, sealed
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.tokens import token_hash
from yaguts.storage import alert_browsers, alert_targets, sessions
from yaguts.storage.db.locks import lock


@dataclass(frozen=True, slots=True)
class GivenBrowser:
    """What a browser says of itself. `server`: the address at which it knows this server."""

    endpoint: str
    p256dh: str
    auth: str
    user_agent: str
    language: str
    session: str
    server: str


def allow(site: Site, person: Person, given: GivenBrowser, before: str = "") -> AlertTarget:
    """Have the person's alerts go to a browser, instead of whatever went there until now.

    `before` is the browser's former address, if its push service has given it another one.
    Raises `BadTarget`, `TooManyTargets`, `NotFound` if `before` is not the person's, `NotSignedIn`
    if the session has ended meanwhile.
    """
    address = browser_address(given.endpoint, given.p256dh, given.auth)
    _insist_on_point(address.p256dh)
    contact = f"https://{urlsplit(given.server).hostname}"
    secret = TargetSecret(address.endpoint, "", address.p256dh, address.auth, contact)
    shown = browser_name(given.user_agent, address.endpoint)
    target = AlertTarget(0, shown, given.language, signed=False, created_at=site.clock())
    endpoint, former = token_hash(address.endpoint), token_hash(before)
    session = token_hash(given.session)
    with site.database.write() as connection:
        lock(connection, f"alerts of {person.id}")
        lock(connection, f"browser {endpoint}")
        if not sessions.hold(connection, session):
            raise NotSignedIn
        if before and not alert_browsers.at(connection, person.id, former):
            raise NotFound(what="target")
        alert_browsers.remove_at(connection, former)
        alert_browsers.remove_at(connection, endpoint)
        alert_browsers.remove_in(connection, session)
        if len(alert_targets.of(connection, person.id)) >= MOST_TARGETS:
            raise TooManyTargets(most=MOST_TARGETS)
        added = alert_targets.add(connection, person.id, target, sealed(site, secret))
        alert_browsers.add(connection, added.id, endpoint, session)
        return alert_targets.find(connection, person.id, added.id)


def this_browser(site: Site, session: str) -> int | None:
    """The target that is the browser of this session. None if it takes no alerts."""
    with site.database.read() as connection:
        return alert_browsers.in_session(connection, token_hash(session))


def _insist_on_point(p256dh: str) -> None:
    """Refuse what is no point of the curve: nothing can be encrypted with it."""
    py_vapid: Any = import_module("py_vapid")  # It has no types, and only few need it.
    try:
        py_vapid.Vapid02.from_raw_public(p256dh.encode())
    except ValueError:
        raise BadTarget from None
