"""Accounts and passwords in requests and answers."""

from typing import Annotated

from pydantic import Field

from yaguts.api.schemas.households import InvitationCode
from yaguts.domain.people import Person
from yaguts.http.fields import Inbound, Outbound, PersonName
from yaguts_wire import words as w

NewPassword = Annotated[str, Field(min_length=8, max_length=128)]
TypedPassword = Annotated[str, Field(max_length=128)]


class RegistrationIn(Inbound):
    """A new account."""

    name: PersonName = Field(alias=w.NAME)
    password: NewPassword = Field(alias=w.PASSWORD)
    invitation: InvitationCode | None = Field(None, alias=w.INVITATION)


class Credentials(Inbound):
    """A name and a password to sign in with."""

    name: PersonName = Field(alias=w.NAME)
    password: TypedPassword = Field(alias=w.PASSWORD)


class PasswordChange(Inbound):
    """The current password and the new one."""

    current: TypedPassword = Field(alias=w.CURRENT_PASSWORD)
    new: NewPassword = Field(alias=w.PASSWORD)


class PersonOut(Outbound):
    """A person."""

    id: int
    name: str = Field(serialization_alias=w.NAME)


def person_out(person: Person) -> PersonOut:
    return PersonOut(id=person.id, name=person.name)
