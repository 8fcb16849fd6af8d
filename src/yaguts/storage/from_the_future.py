"""What a clock that was ahead has stored, and what becomes of it when the clock is right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, delete, exists, or_, select, update

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


def any_after(connection: Connection, latest: Latest) -> bool:
    """Whether anything is stored from the future."""
    rows = [exists().where(after(column, moment)) for column, moment in _rows(latest)]
    seen = exists().where(after(dispensers.c.last_seen_at, latest.seen))
    return connection.execute(select(or_(seen, *rows))).scalar_one()


def put_right(connection: Connection, latest: Latest) -> None:
    """Forget when a dispenser was seen, and remove what would become valid again some day."""
    when = after(dispensers.c.last_seen_at, latest.seen)
    connection.execute(update(dispensers).where(when).values(last_seen_at=None))
    for column, moment in _rows(latest):
        connection.execute(delete(column.table).where(after(column, moment)))


def _rows(latest: Latest) -> Sequence[tuple[Column[Any], datetime]]:
    return (
        (sessions.c.created_at, latest.begun),
        (attempts.c.at, latest.begun),
        (claim_codes.c.expires_at, latest.code),
        (invitations.c.expires_at, latest.invitation),
    )
