"""SQLite in memory, with faults between statements. Loading a saved copy takes microseconds."""

import sqlite3
from collections.abc import Callable
from typing import Any
from weakref import ReferenceType, ref

from sqlalchemy import Engine, event

StatementWatch = Callable[[str, str], None]
"""Called with "before" or "after" at each statement and commit. It may raise an error instead."""
_FULL = 2


class WatchedCursor(sqlite3.Cursor):
    """A cursor whose statements can fail."""

    def execute(self, sql: str, parameters: Any = (), /) -> "WatchedCursor":
        connection: Any = self.connection
        watch: StatementWatch | None = connection.watch
        if watch is None:
            super().execute(sql, parameters)
        else:
            watch("before", sql)
            super().execute(sql, parameters)
            watch("after", sql)
        return self


class WatchedConnection(sqlite3.Connection):
    """The only connection to a database, as long as the process lives."""

    watch: StatementWatch | None = None
    cursors: list[ReferenceType[WatchedCursor]]

    def cursor(self, factory: Any = WatchedCursor) -> Any:
        made: Any = super().cursor(factory)
        self.cursors.append(ref(made))
        return made

    def commit(self) -> None:
        if self.watch is None:
            super().commit()
        else:
            self.watch("before", "COMMIT")
            super().commit()
            self.watch("after", "COMMIT")

    def close(self) -> None:
        """Roll back the open transaction. The connection stays usable: the data is in it."""
        for cursor in (known() for known in self.cursors):
            if cursor is not None:  # SQLite crashes if a cursor outlives its database
                cursor.close()
        self.cursors.clear()
        if self.in_transaction:
            super().rollback()


class MemoryDatabase:
    """The database under a server in the world."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(
            ":memory:", factory=WatchedConnection, check_same_thread=False
        )
        self.connection.cursors = []

    def serve(self, engine: Engine) -> None:
        """Make an engine for `sqlite://` use this database."""
        event.listen(engine, "do_connect", lambda *_: self.connection)

    def close(self) -> None:
        """Close the connection for good."""
        self.connection.close()
        sqlite3.Connection.close(self.connection)

    def rows(self, sql: str, *parameters: Any) -> list[Any]:
        """The rows of a query. No fault strikes here."""
        return sqlite3.Connection.cursor(self.connection).execute(sql, parameters).fetchall()

    def waits_for_disk(self) -> bool:
        """Whether a commit returns only when it would survive a power cut: `synchronous=FULL`."""
        return self.rows("PRAGMA synchronous")[0][0] >= _FULL

    def save(self) -> bytes:
        """The whole database."""
        return self.connection.serialize()

    def load(self, content: bytes) -> None:
        """Replace the whole database by a saved one."""
        self.connection.close()
        self.connection.deserialize(content)
