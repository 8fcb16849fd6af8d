"""Accounts."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from yaguts.domain.errors import NameTaken
from yaguts.domain.people import Person, name_key
from yaguts.storage.tables import people


def add(connection: Connection, name: str, password_hash: str, now: datetime) -> Person:
    """A new account. `NameTaken` when another has the name."""
    row = {
        "name": name,
        "name_key": name_key(name),
        "password_hash": password_hash,
        "created_at": now,
    }
    try:
        person_id = connection.execute(insert(people).values(row).returning(people.c.id))
    except IntegrityError:
        raise NameTaken(name=name) from None
    return Person(person_id.scalar_one(), name)


def count(connection: Connection) -> int:
    """How many accounts there are."""
    return connection.execute(select(func.count()).select_from(people)).scalar_one()


def credentials(connection: Connection, name: str) -> tuple[Person, str] | None:
    """Whom a name belongs to, and the hash of that person's password."""
    found = select(people).where(people.c.name_key == name_key(name))
    row = connection.execute(found).one_or_none()
    return None if row is None else (Person(row.id, row.name), row.password_hash)


def set_password(connection: Connection, person_id: int, password_hash: str) -> None:
    """Replace a person's password."""
    changed = update(people).where(people.c.id == person_id)
    connection.execute(changed.values(password_hash=password_hash))
