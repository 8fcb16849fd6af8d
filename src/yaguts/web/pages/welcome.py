"""Sign in, register, sign out, choose a language: the pages that need no session."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from yaguts.api.schemas.accounts import Credentials, RegistrationIn
from yaguts.domain.errors import Overloaded, Refused, TooManyAttempts, WrongCredentials
from yaguts.http.access import (
    browser_token,
    forget_session,
    give_browser_token,
    give_session,
    is_https,
    session_token,
)
from yaguts.http.errors import status_of
from yaguts.services.people import accounts, sessions
from yaguts.services.people.known_browsers import new_browser_token
from yaguts.web.errors import local
from yaguts.web.forms import FormDep, Refusal, checked, typed
from yaguts.web.language import COOKIE, named
from yaguts.web.static_files import home
from yaguts.web.visit import Context, Stranger, StrangerDep
from yaguts_wire import words as w

router = APIRouter()

InvitationInQuery = Annotated[str, Query(alias=w.INVITATION, max_length=64)]
A_YEAR_S = 365 * 86_400


@router.get("/sign-in")
def sign_in_page(visit: StrangerDep, next: str = "") -> Response:  # noqa: A002
    """Ask for name and password. A new server has no account, so it shows the registration."""
    if visit.person is not None:
        return visit.go(local(next))
    room, first = accounts.takes_new(visit.site)
    if room and first:
        return visit.go(f"{home()}register")
    return _sign_in(visit, local(next))


@router.post("/sign-in")
def sign_in(visit: StrangerDep, form: FormDep) -> Response:
    """Sign in and go to the page that was asked for."""
    wanted = local(typed(form, "next"))
    fields = {"name": typed(form, w.NAME), "password": form.get(w.PASSWORD, "")}
    try:
        who = checked(Credentials, fields, visit.language)
        return _let_in(visit, who.name, who.password, wanted)
    except Refusal as refusal:
        return _sign_in(visit, wanted, 422, name=fields["name"], problems=refusal.problems)
    except (WrongCredentials, TooManyAttempts, Overloaded) as error:
        wrong = visit.explain(error)
        return _sign_in(visit, wanted, status_of(error), name=fields["name"], wrong=wrong)


@router.get("/register")
def register_page(visit: StrangerDep, code: InvitationInQuery = "") -> Response:
    """Show the registration. It is the first page of a new server."""
    return visit.go() if visit.person is not None else _register(visit, code)


@router.post("/register")
def register(visit: StrangerDep, form: FormDep) -> Response:
    """Make the account and sign in."""
    name, code = typed(form, w.NAME), typed(form, w.INVITATION)
    password = form.get(w.PASSWORD, "")
    fields = {"name": name, "password": password, "invitation": code or None}
    try:
        new = checked(RegistrationIn, fields, visit.language)
        accounts.register(visit.site, new.name, new.password, visit.address, new.invitation)
    except Refusal as refusal:
        return _register(visit, code, 422, name=name, problems=refusal.problems)
    except (Refused, TooManyAttempts, Overloaded) as error:
        return _register(visit, code, status_of(error), name=name, wrong=visit.explain(error))
    return _let_in(visit, new.name, new.password, home())


@router.post("/sign-out")
def sign_out(visit: StrangerDep) -> Response:
    """End this session."""
    token = session_token(visit.request)
    if token is not None:
        sessions.close_session(visit.site, token)
    answer = visit.go(f"{home()}sign-in")
    forget_session(visit.request, answer)
    return answer


@router.post("/language")
def choose_language(visit: StrangerDep, form: FormDep) -> Response:
    """Store the chosen language and show the same page in it."""
    answer = visit.go(local(typed(form, "back")))
    language = named(typed(form, "language"))
    if language is not None:
        https = is_https(visit.request)
        answer.set_cookie(
            COOKIE, language, A_YEAR_S, path=home(), secure=https, httponly=True, samesite="lax"
        )
    return answer


@router.get("/offline")
def offline(visit: StrangerDep) -> Response:
    """The page that the service worker shows when the server does not answer."""
    return visit.page("offline.html", person=None)


def _let_in(visit: Stranger, name: str, password: str, wanted: str) -> Response:
    previous, known = session_token(visit.request), browser_token(visit.request)
    person, token = accounts.sign_in(visit.site, name, password, visit.address, previous, known)
    answer = visit.go(wanted)
    give_session(visit.request, answer, token)
    give_browser_token(visit.request, answer, new_browser_token(visit.site, person))
    return answer


def _sign_in(visit: Stranger, wanted: str, status: int = 200, **context: Any) -> Response:
    room, _ = accounts.takes_new(visit.site)
    known: Context = {"name": "", "wrong": "", "problems": {}, "next": wanted, "room": room}
    return visit.page("people/sign_in.html", status, **(known | context))


def _register(visit: Stranger, code: str, status: int = 200, **context: Any) -> Response:
    room, first = accounts.takes_new(visit.site)
    known: Context = {"name": "", "wrong": "", "problems": {}, "first": first}
    known |= {"room": room or bool(code), "invitation": code}
    return visit.page("people/register.html", status, **(known | context))
