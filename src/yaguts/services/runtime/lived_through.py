"""The lived-through time: nothing is removed by a clock that jumped ahead.

The wall clock may refuse a session or a code, but what is removed for good is old by this time too.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from yaguts.domain.clock import followed
from yaguts.storage import lived_through
from yaguts.storage.db.database import Connection, Database

KEPT_EVERY_S = 3600
"""The time is stored this often, so that a restart loses little of it."""

Monotonic = Callable[[], float]
"""Returns seconds that pass as time does, whatever becomes of the clock."""


def standing_still() -> float:
    """For a site that is not there for long: no time passes."""
    return 0.0


class LivedThrough:
    """The lived-through time of one process. The database keeps it between two."""

    def __init__(self, monotonic: Monotonic = standing_still) -> None:
        self._monotonic = monotonic
        self._known: tuple[datetime, float] | None = None

    def until(self, connection: Connection, now: datetime) -> datetime:
        """The moment by which old rows are removed, stored in this transaction.

        It is not after now either, so that nothing is removed while the clock is behind.
        """
        passed = self._monotonic()
        before, then = self._known or (lived_through.read(connection) or now, passed)
        lived = followed(before, now, timedelta(seconds=passed - then))
        self._known = lived, passed
        whole = lived.replace(microsecond=0)  # SQLite's trigger counts whole seconds
        lived_through.store(connection, whole)
        return min(whole, now)

    def keep(self, database: Database, now: datetime) -> None:
        """Store the time now and then, although nothing is removed."""
        if self._known is None or self._monotonic() - self._known[1] >= KEPT_EVERY_S:
            with database.write() as connection:
                self.until(connection, now)

    def forget(self) -> None:
        """Read the time from the database again."""
        self._known = None
