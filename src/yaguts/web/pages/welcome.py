"""Sign in, register, sign out: the pages that need no session."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from yaguts.api.schemas.accounts import Credentials, NewPasswordIn, RegistrationIn
from yaguts.domain.errors import (
    AccountDisabled,
    Overloaded,
    Refused,
    TooMany,
    TooManyAttempts,
    WrongCredentials,
    WrongReset,
)
from yaguts.domain.people import Person
from yaguts.http.access import (
    browser_token,
    forget_session,
    give_browser_token,
    give_session,
    session_token,
)
from yaguts.http.refusals.errors import status_of
from yaguts.services.people import accounts, resets, sessions
from yaguts.services.people.first_word import is_word_needed
from yaguts.services.people.known_browsers import new_browser_token
from yaguts.services.people.sessions import open_session
from yaguts.web.errors import local, with_headers
from yaguts.web.forms import FormDep, Refusal, checked, typed
from yaguts.web.resending import KEPT, KEPT_FOR, kept_form
from yaguts.web.static_files import home
from yaguts.web.visit import Context, Stranger, StrangerDep
from yaguts_wire import words as w

router = APIRouter()

InvitationInQuery = Annotated[str, Query(alias=w.INVITATION, max_length=64)]
ResetInQuery = Annotated[str, Query(alias=w.CODE, max_length=64)]


@router.get("/sign-in")
def sign_in_page(visit: StrangerDep, next: str = "") -> Response:  # noqa: A002
    """Ask for name and password. A new server has no account, so it shows the registration."""
    if visit.person is not None:
        return kept_form(visit, visit.person) or visit.go(local(next))
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
    except (WrongCredentials, AccountDisabled, TooManyAttempts, Overloaded) as error:
        wrong = visit.explain(error)
        page = _sign_in(visit, wanted, status_of(error), name=fields["name"], wrong=wrong)
        return with_headers(page, error)


@router.get("/register")
def register_page(visit: StrangerDep, code: InvitationInQuery = "") -> Response:
    """Show the registration. It is the first page of a new server."""
    code = code or visit.sent(w.INVITATION)
    return visit.go() if visit.person is not None else _register(visit, code)


@router.post("/register")
def register(visit: StrangerDep, form: FormDep) -> Response:
    """Make the account and sign in."""
    name, code = typed(form, w.NAME), typed(form, w.INVITATION)
    password = form.get(w.PASSWORD, "")
    word = typed(form, w.FIRST_WORD)
    fields = {"name": name, "password": password, "invitation": code or None, "word": word}
    try:
        new = checked(RegistrationIn, fields, visit.language)
        accounts.register(
            visit.site, new.name, new.password, visit.address, new.invitation, new.word
        )
    except Refusal as refusal:
        return _register(visit, code, 422, name=name, problems=refusal.problems)
    except (Refused, TooMany, TooManyAttempts, Overloaded) as error:
        wrong = visit.explain(error)
        page = _register(visit, code, status_of(error), name=name, wrong=wrong)
        return with_headers(page, error)
    return _let_in(visit, new.name, new.password, home())


@router.get("/forgotten")
def forgotten(visit: StrangerDep) -> Response:
    """Say who can help somebody who has forgotten their password."""
    return visit.page("people/forgotten.html")


@router.get("/new-password")
def new_password_page(visit: StrangerDep, code: ResetInQuery = "") -> Response:
    """Ask for a new password: whoever runs the server has made a link to this page."""
    return _new_password(visit, code)


@router.post("/new-password")
def new_password(visit: StrangerDep, form: FormDep) -> Response:
    """Set the password and sign in. The link is used up."""
    code, password = typed(form, w.CODE), form.get(w.PASSWORD, "")
    try:
        new = checked(NewPasswordIn, {"password": password}, visit.language)
        person = resets.reset(visit.site, code, new.password, visit.address)
    except Refusal as refusal:
        return _new_password(visit, code, 422, problems=refusal.problems)
    except WrongReset:
        return _new_password(visit, "")
    except (Refused, Overloaded) as error:
        page = _new_password(visit, code, status_of(error), wrong=visit.explain(error))
        return with_headers(page, error)
    token = open_session(visit.site, person, session_token(visit.request), visit.address)
    return _signed_in(visit, person, token, home())


@router.post("/sign-out")
def sign_out(visit: StrangerDep) -> Response:
    """End this session."""
    token = session_token(visit.request)
    if token is not None:
        sessions.close_session(visit.site, token)
    answer = visit.go(f"{home()}sign-in")
    forget_session(visit.request, answer)
    return answer


@router.get("/offline")
def offline(visit: StrangerDep) -> Response:
    """The page that the service worker shows when the server does not answer."""
    return visit.page("offline.html", person=None)


def _let_in(visit: Stranger, name: str, password: str, wanted: str) -> Response:
    previous, known = session_token(visit.request), browser_token(visit.request)
    person, token = accounts.sign_in(visit.site, name, password, visit.address, previous, known)
    return _signed_in(visit, person, token, wanted)


def _signed_in(visit: Stranger, person: Person, token: str, wanted: str) -> Response:
    answer = kept_form(visit, person) or visit.go(wanted)
    give_session(visit.request, answer, token)
    give_browser_token(visit.request, answer, new_browser_token(visit.site, person))
    return answer


def _sign_in(visit: Stranger, wanted: str, status: int = 200, **context: Any) -> Response:
    room, _ = accounts.takes_new(visit.site)
    known: Context = {"wrong": "", "problems": {}, "next": visit.sent("next", wanted), "room": room}
    known |= {"name": visit.sent(w.NAME)}
    known |= {KEPT: visit.sent(KEPT), KEPT_FOR: visit.sent(KEPT_FOR)}
    return visit.page("people/sign_in.html", status, **(known | context))


def _new_password(visit: Stranger, code: str, status: int = 200, **context: Any) -> Response:
    try:
        whose = resets.person_of(visit.site, code)
    except WrongReset as error:
        return visit.page("people/new_password.html", status_of(error), wrong=visit.explain(error),
                          name="", code="", problems={})  # fmt: skip
    known: Context = {"name": whose.name, "wrong": "", "problems": {}, "code": code}
    return visit.page("people/new_password.html", status, **(known | context))


def _register(visit: Stranger, code: str, status: int = 200, **context: Any) -> Response:
    room, first = accounts.takes_new(visit.site)
    known: Context = {"name": visit.sent(w.NAME), "wrong": "", "problems": {}, "first": first}
    known |= {"room": room or bool(code), "invitation": code}
    known |= {"needs_word": not code and is_word_needed(visit.site)}
    return visit.page("people/register.html", status, **(known | context))
