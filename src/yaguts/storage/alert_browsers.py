"""The browsers among the targets of alerts. One takes alerts of one person only."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, true, update

from yaguts.domain.alerts.delivery import AlertFault
from yaguts.domain.ids import PersonId
from yaguts.storage.alert_tables import alert_browsers, alert_targets

_BROWSERS, _TARGETS = alert_browsers.c, alert_targets.c


def add(connection: Connection, target_id: int, endpoint_hash: str, session_hash: str) -> None:
    """Store that a target is a browser."""
    row = {"target_id": target_id, "endpoint_hash": endpoint_hash, "session_hash": session_hash}
    connection.execute(insert(alert_browsers).values(row))


def at(connection: Connection, person_id: PersonId, endpoint_hash: str) -> bool:
    """Whether the person has a browser at this endpoint."""
    mine = select(_BROWSERS.target_id).where(
        _BROWSERS.endpoint_hash == endpoint_hash, _BROWSERS.target_id.in_(_of(person_id))
    )
    return connection.execute(mine).first() is not None


def in_session(connection: Connection, session_hash: str) -> int | None:
    """The target that is the browser of this session. None if it takes no alerts, or if its address
    cannot be read with this server's key.
    """
    readable = func.coalesce(_TARGETS.fault, "") != AlertFault.UNREADABLE
    found = (
        select(_BROWSERS.target_id)
        .join(alert_targets, _TARGETS.id == _BROWSERS.target_id)
        .where(_BROWSERS.session_hash == session_hash, readable)
    )
    return connection.execute(found.order_by(_BROWSERS.target_id.desc())).scalar()


def remove_at(connection: Connection, endpoint_hash: str) -> None:
    """Remove whosever browser is at this endpoint."""
    _remove(connection, _BROWSERS.endpoint_hash == endpoint_hash)


def remove_in(connection: Connection, session_hash: str) -> None:
    """Remove the browser of a session."""
    _remove(connection, _BROWSERS.session_hash == session_hash)


def remove_all(connection: Connection, person_id: PersonId, but: str = "") -> None:
    """Remove all of a person's browsers but that of one session."""
    mine = _BROWSERS.target_id.in_(_of(person_id))
    _remove(connection, mine & (_BROWSERS.session_hash != but))


def remove_everybodys(connection: Connection) -> None:
    """Remove the browsers of all people."""
    _remove(connection, true())


def continue_in(
    connection: Connection, before: str, session_hash: str, person_id: PersonId
) -> None:
    """A session follows another one in the same browser: alerts go on for the same person only."""
    mine = _BROWSERS.target_id.in_(_of(person_id))
    moved = update(alert_browsers).where(_BROWSERS.session_hash == before, mine)
    connection.execute(moved.values(session_hash=session_hash))
    remove_in(connection, before)


def _of(person_id: PersonId) -> Any:
    return select(_TARGETS.id).where(_TARGETS.person_id == person_id)


def _remove(connection: Connection, which: ColumnElement[bool]) -> None:
    found = select(_BROWSERS.target_id).where(which)
    connection.execute(delete(alert_targets).where(_TARGETS.id.in_(found)))
