"""Sessions of people. Only hashes of the cookies are stored."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from yaguts.domain.ids import PersonId
from yaguts.domain.people import Person
from yaguts.storage import alert_browsers
from yaguts.storage.db.statements import Statement
from yaguts.storage.people import PEOPLE, WHO, person_in
from yaguts.storage.tables import people, sessions
from yaguts.storage.windows import before

_SESSIONS = select(
    *WHO, sessions.c.token_hash, sessions.c.created_at, sessions.c.last_seen_at
).select_from(
    PEOPLE.join(sessions, (sessions.c.person_id == people.c.id) & people.c.disabled_at.is_(None))
)
# Built once: every call of a person runs it.
_FIND = Statement(_SESSIONS.where(sessions.c.token_hash == bindparam("token_hash")))


@dataclass(frozen=True, slots=True)
class Session:
    """A session: whose, since when, and when it was last used, to within a few minutes."""

    person: Person
    created_at: datetime
    last_seen_at: datetime


def add(connection: Connection, token_hash: str, person_id: PersonId, now: datetime) -> None:
    """Store a new session."""
    row = {"token_hash": token_hash, "person_id": person_id}
    connection.execute(insert(sessions).values(row | {"created_at": now, "last_seen_at": now}))


def find(connection: Connection, token_hash: str) -> Session | None:
    """The session with this token, however old."""
    row = _FIND.row(connection, {"token_hash": token_hash})
    return None if row is None else _session(row)


def sessions_of(connection: Connection, person_id: PersonId) -> tuple[tuple[str, Session], ...]:
    """A person's sessions with the hashes of their tokens, the latest used first."""
    found = _SESSIONS.where(sessions.c.person_id == person_id)
    newest_first = found.order_by(sessions.c.last_seen_at.desc())
    return tuple((row.token_hash, _session(row)) for row in connection.execute(newest_first))


def remove_others(connection: Connection, person_id: PersonId, token_hash: str) -> None:
    """End all of a person's sessions but this one. Their browsers get no more alerts."""
    others = (sessions.c.person_id == person_id) & (sessions.c.token_hash != token_hash)
    connection.execute(delete(sessions).where(others))
    alert_browsers.remove_all(connection, person_id, but=token_hash)


def touch(connection: Connection, token_hash: str, now: datetime) -> None:
    """Store that the session was used."""
    used = update(sessions).where(sessions.c.token_hash == token_hash)
    connection.execute(used.values(last_seen_at=now))


def hold(connection: Connection, token_hash: str) -> bool:
    """Whether there is this session. Nobody ends it before this transaction ends."""
    this = select(sessions.c.token_hash).where(sessions.c.token_hash == token_hash)
    return connection.execute(this.with_for_update()).first() is not None


def remove(connection: Connection, token_hash: str) -> None:
    """End one session. Its browser gets no more alerts.

    The session goes first, here and below: whoever holds it may just be allowing its browser.
    """
    connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))
    alert_browsers.remove_in(connection, token_hash)


def follow(connection: Connection, before: str, token_hash: str, person_id: PersonId) -> None:
    """End one session, which another one follows in the same browser. Alerts go on for the same
    person only.
    """
    connection.execute(delete(sessions).where(sessions.c.token_hash == before))
    alert_browsers.continue_in(connection, before, token_hash, person_id)


def remove_all(connection: Connection, person_id: PersonId) -> None:
    """End all of a person's sessions. No browser gets alerts any more."""
    connection.execute(delete(sessions).where(sessions.c.person_id == person_id))
    alert_browsers.remove_all(connection, person_id)


def remove_surplus(connection: Connection, person_id: PersonId, keep: int) -> None:
    """End all of a person's sessions but the `keep` that were used last."""
    mine = select(sessions.c.token_hash).where(sessions.c.person_id == person_id)
    newest_first = mine.order_by(sessions.c.last_seen_at.desc(), sessions.c.created_at.desc())
    if surplus := connection.execute(newest_first.offset(keep)).scalars().all():
        connection.execute(delete(sessions).where(sessions.c.token_hash.in_(surplus)))


def remove_older(connection: Connection, created: datetime, seen: datetime) -> None:
    """End all sessions that began before one moment, or were last used before the other."""
    old = or_(before(sessions.c.created_at, created), before(sessions.c.last_seen_at, seen))
    connection.execute(delete(sessions).where(old))


def _session(row: Any) -> Session:
    return Session(person_in(row), row.created_at, row.last_seen_at)
