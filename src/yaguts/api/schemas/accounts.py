"""Accounts and passwords as they come in and go out."""

from typing import Annotated

from pydantic import Field

from yaguts.api.schemas.households import InvitationCode
from yaguts.domain.people import Person
from yaguts.http.fields import Inbound, Outbound, PersonName
from yaguts_wire import words as w

NewPassword = Annotated[str, Field(min_length=8, max_length=128)]
TypedPassword = Annotated[str, Field(max_length=128)]


class RegistrationIn(Inbound):
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


def person_out(person: Person) -> PersonOut:
    return PersonOut(id=person.id, name=person.name)
