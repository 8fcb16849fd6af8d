"""What a clock that was ahead has stored, and what becomes of it when the clock is right."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, bindparam, delete, exists, or_, select, update

from yaguts.storage.db.statements import Statement
from yaguts.storage.tables import attempts, claim_codes, dispensers, invitations, sessions
from yaguts.storage.windows import after


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest times that can be. A later one was stored by a clock that was ahead.

    `seen`: a dispenser's last sign of life. `begun`: a session or an attempt. `code`, `invitation`:
    when they expire.
    """

    seen: datetime
    begun: datetime
    code: datetime
    invitation: datetime


_TIMES = tuple(field.name for field in fields(Latest))
_REMOVED: Sequence[tuple[Column[Any], str]] = (
    (sessions.c.created_at, "begun"),
    (attempts.c.at, "begun"),
    (claim_codes.c.expires_at, "code"),
    (invitations.c.expires_at, "invitation"),
)
"""What is removed, each with the name of its latest time."""
_ANY = Statement(
    select(
        or_(
            exists().where(after(dispensers.c.last_seen_at, bindparam("seen"))),
            *(exists().where(after(column, bindparam(name))) for column, name in _REMOVED),
        )
    )
)


def any_after(connection: Connection, latest: Latest) -> bool:
    """Whether anything is stored from the future."""
    return _ANY.value(connection, {name: getattr(latest, name) for name in _TIMES})


def put_right(connection: Connection, latest: Latest) -> None:
    """Forget when a dispenser was seen, and remove what would become valid again some day."""
    when = after(dispensers.c.last_seen_at, latest.seen)
    connection.execute(update(dispensers).where(when).values(last_seen_at=None))
    for column, name in _REMOVED:
        connection.execute(delete(column.table).where(after(column, getattr(latest, name))))
