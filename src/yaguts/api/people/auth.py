"""Accounts and sessions."""

from fastapi import APIRouter, Request, Response

from yaguts.api.openapi.refusals import refusals
from yaguts.api.schemas.accounts import (
    Credentials,
    PasswordChange,
    PersonOut,
    RegistrationIn,
    person_out,
)
from yaguts.domain.errors import (
    AccountDisabled,
    NameTaken,
    Overloaded,
    PasswordIsName,
    RegistrationClosed,
    TooMany,
    TooManyAttempts,
    UnclearName,
    WeakPassword,
    WrongCredentials,
    WrongInvitation,
    WrongPassword,
    WrongWord,
)
from yaguts.domain.quotas import MOST_MEMBERS
from yaguts.http.access import (
    MAYBE_SIGNED_IN,
    AddressDep,
    PersonDep,
    SiteDep,
    browser_token,
    forget_session,
    give_browser_token,
    give_session,
    session_token,
)
from yaguts.http.fields import Ok
from yaguts.services.people import accounts, sessions
from yaguts.services.people.known_browsers import new_browser_token

router = APIRouter(prefix="/auth", tags=["accounts"])


@router.post(
    "/register",
    status_code=201,
    responses=refusals(
        NameTaken(),
        UnclearName(),
        WeakPassword(),
        PasswordIsName(),
        WrongInvitation(),
        TooMany(what="member", most=MOST_MEMBERS),
        WrongWord(),
        RegistrationClosed(),
        TooManyAttempts(),
        Overloaded(),
    ),
)
def register(site: SiteDep, address: AddressDep, body: RegistrationIn) -> PersonOut:
    """Create an account. With an invitation it works even if registration is closed.

    The first account of a server that others can reach needs the word that the server printed.
    """
    new = accounts.register(site, body.name, body.password, address, body.invitation, body.word)
    return person_out(new)


@router.post(
    "/login",
    responses=refusals(WrongCredentials(), AccountDisabled(), TooManyAttempts(), Overloaded()),
)
def login(
    site: SiteDep, address: AddressDep, body: Credentials, request: Request, response: Response
) -> PersonOut:
    """Sign in. The answer sets the session cookie."""
    person, token = accounts.sign_in(
        site, body.name, body.password, address, session_token(request), browser_token(request)
    )
    give_session(request, response, token)
    give_browser_token(request, response, new_browser_token(site, person))
    return person_out(person)


@router.post("/logout", openapi_extra=MAYBE_SIGNED_IN)
def logout(site: SiteDep, request: Request, response: Response) -> Ok:
    """Sign out. Does nothing for somebody who is not signed in."""
    token = session_token(request)
    if token is not None:
        sessions.close_session(site, token)
    forget_session(request, response)
    return Ok()


@router.get("/me")
def me(person: PersonDep) -> PersonOut:
    """Return who is signed in."""
    return person_out(person)


@router.put(
    "/password",
    responses=refusals(
        WrongPassword(), WeakPassword(), PasswordIsName(), TooManyAttempts(), Overloaded()
    ),
)
def change_password(
    site: SiteDep,
    person: PersonDep,
    address: AddressDep,
    body: PasswordChange,
    request: Request,
    response: Response,
) -> PersonOut:
    """Change the password. All other sessions of the person end."""
    token = accounts.change_password(
        site, person, body.current, body.new, address, session_token(request)
    )
    give_session(request, response, token)
    give_browser_token(request, response, new_browser_token(site, person))
    return person_out(person)
