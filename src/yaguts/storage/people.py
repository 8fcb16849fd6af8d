"""Accounts."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from yaguts.domain.errors import NameTaken
from yaguts.domain.ids import PersonId
from yaguts.domain.people import Account, Person, name_key
from yaguts.storage.look_keys import look_key
from yaguts.storage.tables import memberships, people, sessions

NO_PASSWORD = "!"
"""The hash of no password."""

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
        "look_key": look_key(name),
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


def first(connection: Connection) -> PersonId | None:
    """Whose account is the oldest, if there is any."""
    return connection.execute(select(func.min(people.c.id))).scalar_one()


def credentials(connection: Connection, name: str) -> tuple[Person, str] | None:
    """The person with this name, or else with one that looks the same, and the hash of their
    password.
    """
    is_name, looks_so = people.c.name_key == name_key(name), people.c.look_key == look_key(name)
    found = select(*WHO, people.c.password_hash).select_from(PEOPLE).where(is_name | looks_so)
    row = connection.execute(found.order_by(case((is_name, 0), else_=1)).limit(1)).one_or_none()
    return None if row is None else (person_in(row), row.password_hash)


def is_disabled(connection: Connection, person_id: PersonId) -> bool:
    """Whether whoever runs the server has disabled the account."""
    found = select(people.c.disabled_at).where(people.c.id == person_id)
    return connection.execute(found).scalar_one() is not None


def set_disabled(connection: Connection, person_id: PersonId, since: datetime | None) -> None:
    """Disable an account, or enable it again with None."""
    changed = update(people).where(people.c.id == person_id)
    connection.execute(changed.values(disabled_at=since))


def accounts(connection: Connection) -> tuple[Account, ...]:
    """All accounts, the deleted ones too, oldest first."""
    seen = select(func.max(sessions.c.last_seen_at)).where(sessions.c.person_id == people.c.id)
    found = select(
        *WHO,
        people.c.created_at,
        people.c.disabled_at,
        people.c.deleted_at,
        seen.scalar_subquery().label("seen_at"),
    ).select_from(PEOPLE)
    return tuple(
        Account(
            person_in(row),
            row.created_at,
            row.disabled_at,
            row.deleted_at,
            row.seen_at,
        )
        for row in connection.execute(found.order_by(people.c.id))
    )


def set_password(connection: Connection, person_id: PersonId, password_hash: str) -> None:
    """Replace a person's password."""
    changed = update(people).where(people.c.id == person_id)
    connection.execute(changed.values(password_hash=password_hash))


def replace_hash(connection: Connection, person_id: PersonId, before: str, after: str) -> None:
    """Hash a person's password otherwise, unless it is another one by now."""
    same = (people.c.id == person_id) & (people.c.password_hash == before)
    connection.execute(update(people).where(same).values(password_hash=after))


def some_are_old(connection: Connection) -> bool:
    """Whether anybody's password has a hash of version 0.1."""
    old = select(people.c.id).where(people.c.password_hash.startswith("$2")).limit(1)
    return connection.execute(old).first() is not None


def person_in(row: Any) -> Person:
    """The person in a row with the columns `WHO`."""
    return Person(row.id, row.name, row.kitchen_id)
