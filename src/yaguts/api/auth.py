"""Accounts and sessions."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from yaguts.api.access import (
    MAYBE_SIGNED_IN,
    AddressDep,
    PersonDep,
    SiteDep,
    forget_session,
    give_session,
    session_token,
)
from yaguts.api.fields import Inbound, Ok, Outbound, PersonName
from yaguts.api.households import InvitationCode
from yaguts.api.refusals import refusals
from yaguts.domain.errors import (
    NameTaken,
    RegistrationClosed,
    TooManyAttempts,
    WeakPassword,
    WrongCredentials,
    WrongInvitation,
    WrongPassword,
)
from yaguts.domain.people import Person
from yaguts.services import accounts, sessions
from yaguts_wire import words as w

router = APIRouter(prefix="/auth", tags=["accounts"])

NewPassword = Annotated[str, Field(min_length=8, max_length=128)]
TypedPassword = Annotated[str, Field(max_length=128)]


class Registration(Inbound):
    """Somebody new."""

    name: PersonName = Field(alias=w.NAME)
    password: NewPassword = Field(alias=w.PASSWORD)
    invitation: InvitationCode | None = Field(None, alias=w.INVITATION)


class Credentials(Inbound):
    """Somebody who says who they are."""

    name: PersonName = Field(alias=w.NAME)
    password: TypedPassword = Field(alias=w.PASSWORD)


class PasswordChange(Inbound):
    """Somebody signed in who wants another password."""

    current: TypedPassword = Field(alias=w.CURRENT_PASSWORD)
    new: NewPassword = Field(alias=w.PASSWORD)


class PersonOut(Outbound):
    """Somebody with an account."""

    id: int
    name: str = Field(serialization_alias=w.NAME)


@router.post(
    "/register",
    status_code=201,
    responses=refusals(
        NameTaken(), WeakPassword(), WrongInvitation(), RegistrationClosed(), TooManyAttempts()
    ),
)
def register(site: SiteDep, address: AddressDep, body: Registration) -> PersonOut:
    """Make an account. With an invitation also where registration is closed."""
    new = accounts.register(site, body.name, body.password, address, body.invitation)
    return _person(new)


@router.post("/login", responses=refusals(WrongCredentials(), TooManyAttempts()))
def login(
    site: SiteDep, address: AddressDep, body: Credentials, request: Request, response: Response
) -> PersonOut:
    """Sign in: the answer sets a cookie."""
    previous = session_token(request)
    person, token = accounts.sign_in(site, body.name, body.password, address, previous)
    give_session(request, response, token)
    return _person(person)


@router.post("/logout", openapi_extra=MAYBE_SIGNED_IN)
def logout(site: SiteDep, request: Request, response: Response) -> Ok:
    """Sign out. Harmless for somebody who is not signed in."""
    token = session_token(request)
    if token is not None:
        sessions.close_session(site, token)
    forget_session(request, response)
    return Ok()


@router.get("/me")
def me(person: PersonDep) -> PersonOut:
    """Who is signed in."""
    return _person(person)


@router.put("/password", responses=refusals(WrongPassword(), WeakPassword(), TooManyAttempts()))
def change_password(
    site: SiteDep,
    person: PersonDep,
    address: AddressDep,
    body: PasswordChange,
    request: Request,
    response: Response,
) -> PersonOut:
    """Change the password. Whoever else is signed in with the old one no longer is."""
    token = accounts.change_password(site, person, body.current, body.new, address)
    give_session(request, response, token)
    return _person(person)


def _person(person: Person) -> PersonOut:
    return PersonOut(id=person.id, name=person.name)
