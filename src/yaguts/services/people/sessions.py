"""Sessions. A session ends when it is unused for long, and at a certain age in any case."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.clock import age, lately
from yaguts.domain.errors import AccountDisabled
from yaguts.domain.people import Actor, Person
from yaguts.domain.quotas import MOST_SESSIONS
from yaguts.services import audit_log
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.hub import person_topic
from yaguts.services.runtime.tokens import new_token, token_hash
from yaguts.storage import people, sessions
from yaguts.storage.sessions import Session

LONGEST_IDLE = timedelta(days=14)
LONGEST_LIFE = timedelta(days=90)
TOUCH_EVERY = timedelta(hours=1)
"""The last use is stored this often at most, so that reading rarely writes."""


@dataclass(frozen=True, slots=True)
class ListedSession:
    """A browser in which a person is signed in. `here`: the one that makes this call."""

    since: datetime
    last_seen_at: datetime
    here: bool


def open_session(
    site: Site, person: Person, previous: str | None = None, address: str | None = None
) -> str:
    """Begin a session and return its token. The browser's earlier session ends, and beyond
    `MOST_SESSIONS` the one that was unused for longest. Alerts to the browser go on for the
    same person.

    Raises `AccountDisabled`.
    """
    token, now = new_token(site.randomness), site.clock()
    with site.database.write() as connection:
        if people.is_disabled(connection, person.id):
            raise AccountDisabled
        lived = site.lived.until(connection, now)
        sessions.remove_older(connection, lived - LONGEST_LIFE, lived - LONGEST_IDLE)
        if previous is not None:
            sessions.follow(connection, token_hash(previous), token_hash(token), person.id)
        sessions.remove_surplus(connection, person.id, MOST_SESSIONS - 1)
        sessions.add(connection, token_hash(token), person.id, now)
        by = Actor(person.id, address)
        audit_log.note(site, connection, AuditEvent.SIGNED_IN, person.kitchen_id, by)
        audit_log.sweep(connection, lived)
    return token


def close_session(site: Site, token: str) -> None:
    """End a session. What is followed in it ends at once."""
    hashed = token_hash(token)
    with site.database.write() as connection:
        session = sessions.find(connection, hashed)
        sessions.remove(connection, hashed)
    if session is not None:
        tell_ended(site, session.person)


def tell_ended(site: Site, person: Person) -> None:
    """Wake the person's live pages, each of which looks whether its session has ended."""
    site.hub.publish(person_topic(person.id), None)


def person_of(site: Site, token: str) -> Person | None:
    """The person of a valid session, or None."""
    now, hashed = site.clock(), token_hash(token)
    with site.database.read() as connection:
        session = sessions.find(connection, hashed)
    if session is None or not _is_valid(session, now):
        return None
    if _idle(session, now) >= TOUCH_EVERY:
        with site.database.write() as connection:
            sessions.touch(connection, hashed, now)
    return session.person


def sessions_of(site: Site, person: Person, token: str) -> tuple[ListedSession, ...]:
    """The person's sessions, the latest used first."""
    now, hashed = site.clock(), token_hash(token)
    with site.database.read() as connection:
        found = sessions.sessions_of(connection, person.id)
    return tuple(
        ListedSession(session.created_at, session.last_seen_at, kept == hashed)
        for kept, session in found
        if _is_valid(session, now)
    )


def close_others(site: Site, person: Person, token: str, by: Actor) -> None:
    """End the person's other sessions."""
    with site.database.write() as connection:
        sessions.remove_others(connection, person.id, token_hash(token))
        audit_log.note(site, connection, AuditEvent.SESSIONS_ENDED, person.kitchen_id, by)
    tell_ended(site, person)


def _is_valid(session: Session, now: datetime) -> bool:
    """A session that began in the future is refused: nobody knows its age."""
    return session.created_at in lately(now, LONGEST_LIFE) and _idle(session, now) < LONGEST_IDLE


def _idle(session: Session, now: datetime) -> timedelta:
    """For how long the session is unused. A use in the future is not touched, because the clock may
    be behind now; how old the session is still counts.
    """
    return age(session.last_seen_at, now) or timedelta()
