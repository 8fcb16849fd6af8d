"""The server itself: its version, its time, its health and its metrics."""

from datetime import date, timedelta
from importlib.metadata import version
from typing import Literal

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from yaguts.domain.errors import NotFound, Unavailable
from yaguts.http.access import SiteDep
from yaguts.http.fields import Outbound, UtcTime
from yaguts.http.public_address import sub_path
from yaguts.http.watching.readers import insist_on_reader
from yaguts.services.delivery.job_message import utc_text
from yaguts.services.ops.gauges import LookedUp
from yaguts.services.ops.health import insist_on_database, is_ready
from yaguts.services.ops.metrics import Metrics, exposition

router = APIRouter(tags=["server"])


class TimeOut(Outbound):
    """The time, for dispensers, which have no clock of their own."""

    utc: UtcTime


class About(Outbound):
    """The server's name, its version, and until when the version gets security fixes."""

    name: str
    version: str
    supported_until: date


class Health(Outbound):
    """The server works."""

    status: Literal["ok"] = "ok"


_TO_PAGES = {
    "description": "A browser is redirected to the pages.",
    "headers": {"Location": {"schema": {"type": "string"}}},
}
SUPPORTED_UNTIL = date(2028, 12, 31)
"""Until then this version gets security fixes. docs/security.md states the same date."""
SECURITY_TXT_LIVES = timedelta(days=90)
_ABOUT = About(name="Yaguts", version=version("yaguts"), supported_until=SUPPORTED_UNTIL)


@router.get("/time")
async def time(site: SiteDep) -> TimeOut:
    """Return the server's time."""
    return TimeOut(utc=site.clock())


@router.get("/", response_model=About, responses={303: _TO_PAGES})
async def about(request: Request) -> About | RedirectResponse:
    """Return the server's name and version. A browser is redirected to the pages."""
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse(f"{sub_path()}/app/", 303)
    return _ABOUT


@router.get("/health")
def health(site: SiteDep) -> Health:
    """Answer once the database answers."""
    insist_on_database(site)
    return Health()


@router.get("/healthz", include_in_schema=False)
async def healthz() -> Health:
    """Answer as long as the process lives, whatever becomes of the database."""
    return Health()


@router.get("/readyz", include_in_schema=False)
def readyz(site: SiteDep) -> Health:
    """Answer while an order could be stored. Raises `Unavailable`."""
    if not is_ready(site):
        raise Unavailable
    return Health()


@router.get("/metrics", include_in_schema=False)
def metrics(request: Request, site: SiteDep) -> Response:
    """Return what the server counts, for Prometheus. Raises `NotFound` for strangers."""
    insist_on_reader(request, site.settings.metrics)
    if not isinstance(site.observer, Metrics):
        raise NotFound
    return Response(exposition(site.observer, LookedUp(site)), media_type=CONTENT_TYPE_PLAIN_0_0_4)


@router.get("/.well-known/security.txt", include_in_schema=False)
def security_txt(site: SiteDep) -> PlainTextResponse:
    """Return the security contact (RFC 9116).

    Raises NotFound if none is configured.
    """
    contact = site.settings.security_contact
    if not contact:
        raise NotFound
    expires = utc_text(site.clock() + SECURITY_TXT_LIVES)
    lines = [f"Contact: {contact}", f"Expires: {expires}", "Preferred-Languages: pt, en"]
    return PlainTextResponse("".join(f"{line}\n" for line in lines))
