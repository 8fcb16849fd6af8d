"""The caller of a request: a person with a cookie, or a dispenser with a token."""

from datetime import timedelta
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Annotated

from fastapi import Depends, Response, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from fastapi.security.utils import get_authorization_scheme_param
from starlette.requests import HTTPConnection
from starlette.types import Scope

from yaguts.domain.dispenser import Dispenser
from yaguts.domain.errors import NotSignedIn, OwnersOnly
from yaguts.domain.people import Actor, Person
from yaguts.services.dispensers import device_tokens
from yaguts.services.people import sessions
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.threads import briefly, briefly_for_people

COOKIE = "yaguts_session"
SECURE_COOKIE = "__Host-yaguts_session"
"""Browsers accept this name only over HTTPS, for this one host, and with Secure."""

BROWSER_COOKIE = "yaguts_browser"
SECURE_BROWSER_COOKIE = "__Host-yaguts_browser"
BROWSER_TOKEN_LIFE = timedelta(days=365)
SESSION_COOKIE_LIFE = timedelta(days=400)
"""Longer than any session, and the longest that browsers keep a cookie: the browser's next session
is known to follow this one, so that its alerts end with that one.
"""

SESSION = "session"
DISPENSER = "dispenser"
OWNER = "owner"
"""The role in the OpenAPI document of the calls that only an owner may make."""
_SESSION = APIKeyCookie(
    name=COOKIE,
    scheme_name=SESSION,
    description=f"The cookie that signing in sets. Over HTTPS its name is `{SECURE_COOKIE}`.",
    auto_error=False,
)
_TOKEN = HTTPBearer(
    scheme_name=DISPENSER,
    description="The `device_token` that a dispenser was given when it was paired.",
    auto_error=False,
)


async def _site(connection: HTTPConnection) -> Site:
    return connection.app.state.site


SiteDep = Annotated[Site, Depends(_site)]


HEARD_BEFORE = "yaguts.heard_before"
"""In the scope of a dispenser's call: it was noted as a sign of life when it came."""
UNKNOWN = "unknown"
_TRANSLATED = ip_network("64:ff9b::/96")
"""IPv4 addresses as a network of IPv6 alone sees them (RFC 6052)."""
_NEIGHBOURS = tuple(map(ip_network, ("::1", "fe80::/10", "fc00::/7")))
"""What is only known inside a machine or a network, where all have the same /64."""


@lru_cache(maxsize=1024)
def counted_address(host: str) -> str:
    """Return the address that rate limits count: of IPv6 the /64 network, which is one home's.

    An IPv4 address written as IPv6 counts as itself, and so does a neighbour's.
    """
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return UNKNOWN  # A proxy may pass on whatever a stranger calls itself.
    if isinstance(address, IPv6Address):
        address = _ipv4_in(address) or address
    if isinstance(address, IPv4Address) or any(address in network for network in _NEIGHBOURS):
        return str(address)
    return str(ip_network((address, 64), strict=False))


def _ipv4_in(address: IPv6Address) -> IPv4Address | None:
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped


def address_of(connection: HTTPConnection) -> str:
    """Return the address that a call comes from."""
    return UNKNOWN if connection.client is None else counted_address(connection.client.host)


async def _address(connection: HTTPConnection) -> str:
    return address_of(connection)


AddressDep = Annotated[str, Depends(_address)]


MAYBE_SIGNED_IN: dict[str, list[dict[str, list[str]]]] = {"security": [{}, {SESSION: []}]}
"""For the OpenAPI document: the call works with and without a session."""


def is_https(connection: HTTPConnection) -> bool:
    """Whether the request came over HTTPS."""
    return connection.url.scheme in ("https", "wss")


def session_token(connection: HTTPConnection) -> str | None:
    """Return the token in the session cookie, if there is one."""
    return connection.cookies.get(SECURE_COOKIE if is_https(connection) else COOKIE)


def give_session(connection: HTTPConnection, response: Response, token: str) -> None:
    """Set the session cookie."""
    name = SECURE_COOKIE if is_https(connection) else COOKIE
    _set_cookie(connection, response, name, token, SESSION_COOKIE_LIFE)


def browser_token(connection: HTTPConnection) -> str | None:
    """Return the token of a browser in which somebody has signed in before."""
    return connection.cookies.get(SECURE_BROWSER_COOKIE if is_https(connection) else BROWSER_COOKIE)


def give_browser_token(connection: HTTPConnection, response: Response, token: str) -> None:
    """Set the cookie by which the browser is known."""
    name = SECURE_BROWSER_COOKIE if is_https(connection) else BROWSER_COOKIE
    _set_cookie(connection, response, name, token, BROWSER_TOKEN_LIFE)


def _set_cookie(
    connection: HTTPConnection, response: Response, name: str, value: str, life: timedelta
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(life.total_seconds()),
        path="/",
        secure=is_https(connection),
        httponly=True,
        samesite="lax",
    )


def forget_session(connection: HTTPConnection, response: Response) -> None:
    """Remove the session cookie."""
    https = is_https(connection)
    name = SECURE_COOKIE if https else COOKIE
    response.delete_cookie(name, path="/", secure=https, httponly=True, samesite="lax")


def person_of(connection: HTTPConnection, site: Site) -> Person | None:
    """Return the person who is signed in on a request or WebSocket, if there is one."""
    token = session_token(connection)
    person = None if not token else sessions.person_of(site, token)
    if person is not None:
        recognised(connection.scope, is_dispenser=False)
    return person


def recognised(scope: Scope, *, is_dispenser: bool) -> None:
    """Tell the server that this connection is no stranger's."""
    if "recognised" in (state := scope.get("state", {})):
        state["recognised"](is_dispenser=is_dispenser)


@briefly_for_people
def _perhaps_person(connection: HTTPConnection, site: SiteDep) -> Person | None:
    return person_of(connection, site)


PerhapsPersonDep = Annotated[Person | None, Depends(_perhaps_person)]
"""The person who is signed in, if there is one. Works for a WebSocket too."""


def insist_on_person(connection: HTTPConnection, site: Site) -> Person:
    """The person who is signed in. Raises `NotSignedIn`. It asks the database."""
    person = person_of(connection, site)
    if person is None:
        raise NotSignedIn
    return person


@briefly_for_people
def _person(
    connection: HTTPConnection, site: SiteDep, _: Annotated[str | None, Security(_SESSION)]
) -> Person:
    return insist_on_person(connection, site)


PersonDep = Annotated[Person, Depends(_person)]
"""The person who is signed in. `kitchen_id` is the kitchen that they see and use."""


async def _owner(person: PersonDep) -> Person:
    if not person.is_owner:
        raise OwnersOnly
    return person


OwnerDep = Annotated[Person, Security(_owner, scopes=[OWNER])]
"""The person who is signed in, if they own the kitchen. Only owners configure."""


def actor(connection: HTTPConnection, person: Person) -> Actor:
    """The person as the audit log names them."""
    return Actor(person.id, address_of(connection))


async def _actor(connection: HTTPConnection, person: PersonDep) -> Actor:
    return actor(connection, person)


ActorDep = Annotated[Actor, Depends(_actor)]


def recognised_dispenser(connection: HTTPConnection, site: Site) -> Dispenser | None:
    """The dispenser that calls, if it called a second ago or less. Nothing but memory is asked."""
    dispenser = device_tokens.recognised(site, token_in(connection))
    if dispenser is not None:
        recognised(connection.scope, is_dispenser=True)
    return dispenser


def insist_on_dispenser(connection: HTTPConnection, site: Site) -> Dispenser:
    """The dispenser that calls. Raises `NotSignedIn`. It asks the database."""
    token, address = token_in(connection), address_of(connection)
    before = HEARD_BEFORE in connection.scope
    dispenser = (
        device_tokens.authenticate(site, token, address, heard_before=before) if token else None
    )
    if dispenser is None:
        raise NotSignedIn(what="dispenser")
    recognised(connection.scope, is_dispenser=True)
    return dispenser


def token_in(connection: HTTPConnection) -> str:
    """The token that a dispenser sends with its call, or ""."""
    kind, token = get_authorization_scheme_param(connection.headers.get("authorization"))
    return token.strip() if kind.lower() == "bearer" else ""


@briefly
def _dispenser(
    connection: HTTPConnection,
    site: SiteDep,
    _: Annotated[HTTPAuthorizationCredentials | None, Security(_TOKEN)],
) -> Dispenser:
    return insist_on_dispenser(connection, site)


DispenserDep = Annotated[Dispenser, Depends(_dispenser)]
"""The dispenser that calls, as the database knows it."""
RecognisedDep = Annotated[Dispenser, Depends(_dispenser), "recognised"]
"""The dispenser that calls, as the database knew it a second ago at most. It is for what looks at
the token again in the transaction that hands out, starts or books, and for what does none of that.
"""
