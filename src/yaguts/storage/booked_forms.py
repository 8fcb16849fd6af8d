"""The forms that people sent and that were booked, by their keys."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, select, update

from yaguts.domain.ids import PersonId
from yaguts.storage.db.dialects import insert_if_new
from yaguts.storage.tables import booked_forms
from yaguts.storage.windows import before

_ADD = insert_if_new(booked_forms, booked_forms.c.key)


@dataclass(frozen=True, slots=True)
class BookedForm:
    """A form that was booked: when, and the page that it led to, if that is known."""

    at: datetime
    address: str | None


def book(connection: Connection, person_id: PersonId, key: str, now: datetime) -> BookedForm | None:
    """Note that the form is booked in this transaction. Returns the earlier booking, if there is
    one.
    """
    row = {"person_id": person_id, "key": key, "at": now}
    if connection.execute(_ADD[connection.dialect.name], row).first() is not None:
        return None
    found = select(booked_forms.c.at, booked_forms.c.address).where(_this(person_id, key))
    return BookedForm(*connection.execute(found).one())


def lead(connection: Connection, person_id: PersonId, key: str, address: str) -> None:
    """Store the page that a booked form led to."""
    connection.execute(update(booked_forms).where(_this(person_id, key)).values(address=address))


def remove_before(connection: Connection, moment: datetime) -> None:
    """Remove the forms that were booked before the moment."""
    connection.execute(delete(booked_forms).where(before(booked_forms.c.at, moment)))


def _this(person_id: PersonId, key: str) -> ColumnElement[bool]:
    return (booked_forms.c.person_id == person_id) & (booked_forms.c.key == key)
