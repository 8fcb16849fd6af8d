"""The server's own affairs: what it is, whether it is well, what time it has."""

from importlib.metadata import version
from typing import Literal

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse

from yaguts.api.access import SiteDep
from yaguts.api.fields import Outbound, UtcTime
from yaguts.services.health import insist_on_database

router = APIRouter(tags=["server"])


class TimeOut(Outbound):
    """The time, for dispensers, which have no clock of their own."""

    utc: UtcTime


class About(Outbound):
    """What answers here."""

    name: str
    version: str


class Health(Outbound):
    """It is well."""

    status: Literal["ok"] = "ok"


_TO_PAGES = {
    "description": "A browser is sent to the pages.",
    "headers": {"Location": {"schema": {"type": "string"}}},
}
_ABOUT = About(name="Yaguts", version=version("yaguts"))


@router.get("/time")
async def time(site: SiteDep) -> TimeOut:
    """The server's clock."""
    return TimeOut(utc=site.clock())


@router.get("/", response_model=About, responses={303: _TO_PAGES})
async def about(request: Request) -> About | RedirectResponse:
    """What answers here. A browser is sent to the pages."""
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse("/app/", 303)
    return _ABOUT


@router.get("/health")
def health(site: SiteDep) -> Health:
    """Answers once the database does."""
    insist_on_database(site)
    return Health()
