"""Accounts."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from yaguts.domain.errors import NameTaken
from yaguts.domain.ids import PersonId
from yaguts.domain.people import Person, name_key
from yaguts.storage.tables import memberships, people

WHO = (
    people.c.id,
    people.c.name,
    func.coalesce(memberships.c.owner_id, people.c.id).label("kitchen_id"),
)
"""What `person_in` reads."""
PEOPLE = people.outerjoin(memberships, memberships.c.person_id == people.c.id)
"""Everybody, and in whose kitchen."""


def add(connection: Connection, name: str, password_hash: str, now: datetime) -> Person:
    """Store a new account. Raises `NameTaken`."""
    row = {
        "name": name,
        "name_key": name_key(name),
        "password_hash": password_hash,
        "created_at": now,
    }
    try:
        added = connection.execute(insert(people).values(row).returning(people.c.id))
    except IntegrityError:
        raise NameTaken(name=name) from None
    person_id = added.scalar_one()
    return Person(person_id, name, person_id)


def find(connection: Connection, person_id: PersonId) -> Person:
    """The person with this id, who must exist."""
    found = select(*WHO).select_from(PEOPLE).where(people.c.id == person_id)
    return person_in(connection.execute(found).one())


def count(connection: Connection) -> int:
    """How many accounts there are."""
    return connection.execute(select(func.count()).select_from(people)).scalar_one()


def credentials(connection: Connection, name: str) -> tuple[Person, str] | None:
    """The person with this name, and the hash of their password."""
    found = select(*WHO, people.c.password_hash).select_from(PEOPLE)
    row = connection.execute(found.where(people.c.name_key == name_key(name))).one_or_none()
    return None if row is None else (person_in(row), row.password_hash)


def set_password(connection: Connection, person_id: PersonId, password_hash: str) -> None:
    """Replace a person's password."""
    changed = update(people).where(people.c.id == person_id)
    connection.execute(changed.values(password_hash=password_hash))


def person_in(row: Any) -> Person:
    """The person in a row with the columns `WHO`."""
    return Person(row.id, row.name, row.kitchen_id)
