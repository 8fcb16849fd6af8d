"""Accounts and passwords in requests and answers."""

from typing import Annotated

from pydantic import Field

from yaguts.api.schemas.households import InvitationCode
from yaguts.domain.people import Person
from yaguts.http.fields import Inbound, Outbound, PersonName
from yaguts_wire import words as w

NewPassword = Annotated[str, Field(min_length=8, max_length=128)]
FirstWord = Annotated[str, Field(max_length=64)]
TypedPassword = Annotated[str, Field(max_length=1024)]
"""A password that somebody has. Version 0.1 knew no longest one."""


class RegistrationIn(Inbound):
    """A new account."""

    name: PersonName = Field(alias=w.NAME)
    password: NewPassword = Field(alias=w.PASSWORD)
    invitation: InvitationCode | None = Field(None, alias=w.INVITATION)
    word: FirstWord | None = Field(None, alias=w.FIRST_WORD)


class Credentials(Inbound):
    """A name and a password to sign in with."""

    name: PersonName = Field(alias=w.NAME)
    password: TypedPassword = Field(alias=w.PASSWORD)


class PasswordChange(Inbound):
    """The current password and the new one."""

    current: TypedPassword = Field(alias=w.CURRENT_PASSWORD)
    new: NewPassword = Field(alias=w.PASSWORD)


class NewPasswordIn(Inbound):
    """A new password that somebody chooses with a link."""

    password: NewPassword = Field(alias=w.PASSWORD)


class PersonOut(Outbound):
    """A person."""

    id: int
    name: str = Field(serialization_alias=w.NAME)


def person_out(person: Person) -> PersonOut:
    return PersonOut(id=person.id, name=person.name)
