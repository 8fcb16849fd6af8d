"""Settings: the dispensers, and the account."""

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.responses import Response

from yaguts.api.schemas.accounts import PasswordChange
from yaguts.domain.errors import Overloaded, Refused, TooManyAttempts
from yaguts.http.access import give_browser_token, give_session, session_token
from yaguts.http.refusals.errors import status_of
from yaguts.services.dispensers import dispensers
from yaguts.services.people import accounts, households, sessions
from yaguts.services.people.known_browsers import new_browser_token
from yaguts.services.runtime.hub import kitchen_topic
from yaguts.web.errors import with_headers
from yaguts.web.forms import FormDep, Refusal, checked
from yaguts.web.live import live
from yaguts.web.static_files import PAGES, home
from yaguts.web.views.newcomers import newcomers
from yaguts.web.views.watching.dispenser_state import states_of
from yaguts.web.views.watching.news import KitchenNews
from yaguts.web.visit import Context, Visit, VisitDep
from yaguts_wire import words as w

router = APIRouter(prefix="/settings")


@router.get("")
def show(visit: VisitDep) -> Response:
    """Show the settings."""
    return _settings(visit)


@router.get("/live")
def follow(visit: VisitDep) -> Response:
    """Send the dispensers' states whenever one changes."""

    def look() -> str:
        later = visit.later()
        return later.html("parts/dispensers.html", **_dispensers(later))

    return live(
        visit.site, visit.person.id, kitchen_topic(visit.kitchen_id), look, KitchenNews(visit)
    )


@router.post("/password")
def change_password(visit: VisitDep, form: FormDep) -> Response:
    """Change the password. It ends the person's other sessions."""
    fields = {"current": form.get(w.CURRENT_PASSWORD, ""), "new": form.get(w.PASSWORD, "")}
    try:
        asked = checked(PasswordChange, fields, visit.language)
        token = accounts.change_password(
            visit.site,
            visit.person,
            asked.current,
            asked.new,
            visit.address,
            session_token(visit.request),
        )
    except Refusal as refusal:
        return _settings(visit, 422, problems=refusal.problems)
    except (Refused, TooManyAttempts, Overloaded) as error:
        page = _settings(visit, status_of(error), wrong=visit.explain(error))
        return with_headers(page, error)
    answer = visit.go(f"{home()}settings?done=password")
    give_session(visit.request, answer, token)
    give_browser_token(visit.request, answer, new_browser_token(visit.site, visit.person))
    return answer


@router.post("/sessions")
def close_others(visit: VisitDep) -> Response:
    """End all other sessions."""
    token = session_token(visit.request) or ""
    sessions.close_others(visit.site, visit.person, token, visit.actor)
    return visit.go(f"{home()}settings")


def _settings(
    visit: Visit, status: int = 200, problems: Mapping[str, str] | None = None, wrong: str = ""
) -> Response:
    token = session_token(visit.request) or ""
    household = households.household_of(visit.site, visit.person)
    return visit.page(
        "settings.html",
        status,
        **_dispensers(visit),
        household=household,
        mine=household.membership_of(visit.person),
        here_only=visit.here_only,
        secure=visit.is_secure,
        pages=f"{visit.server}{PAGES}/",
        stays=sessions.sessions_of(visit.site, visit.person, token),
        problems=problems or {},
        wrong=wrong,
        done=visit.request.query_params.get("done", ""),
    )


def _dispensers(visit: Visit) -> Context:
    mine = dispensers.everything_of(visit.site, visit.kitchen_id)
    return {"dispensers": mine, "states": states_of(visit, mine), "newcomers": newcomers(visit)}
