"""Links with which somebody may choose a new password. Only hashes of their codes are stored."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from yaguts.domain.clock import Window
from yaguts.domain.ids import PersonId
from yaguts.domain.people import Person
from yaguts.storage.people import PEOPLE, WHO, person_in
from yaguts.storage.tables import password_resets, people
from yaguts.storage.windows import bounds, inside


def add(connection: Connection, code_hash: str, person_id: PersonId, expires_at: datetime) -> None:
    """Store a link in the place of the person's earlier ones."""
    remove_of(connection, person_id)
    row = {"code_hash": code_hash, "person_id": person_id, "expires_at": expires_at}
    connection.execute(insert(password_resets).values(row))


def find(connection: Connection, code_hash: str, alive: Window) -> Person | None:
    """Whose the link is, or None when it is not valid."""
    valid = (password_resets.c.code_hash == code_hash) & inside(password_resets.c.expires_at)
    found = select(*WHO).select_from(
        PEOPLE.join(password_resets, password_resets.c.person_id == people.c.id)
    )
    row = connection.execute(found.where(valid), bounds(alive)).one_or_none()
    return None if row is None else person_in(row)


def use_up(connection: Connection, code_hash: str) -> bool:
    """Remove the link. False when somebody else has used it."""
    used = delete(password_resets).where(password_resets.c.code_hash == code_hash)
    return connection.execute(used).rowcount == 1


def remove_of(connection: Connection, person_id: PersonId) -> None:
    """Remove a person's links."""
    connection.execute(delete(password_resets).where(password_resets.c.person_id == person_id))
