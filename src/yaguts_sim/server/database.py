"""SQLite in memory with faults between statements, filled from a template in microseconds."""

import sqlite3
from collections.abc import Callable
from typing import Any
from weakref import ReferenceType, ref

from sqlalchemy import Engine, event

StatementWatch = Callable[[str, str], None]
"""Told before ("before") and after ("after") each statement and commit; may raise in its place."""
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
    """The one connection to a database that lives as long as the process."""

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
        """Whoever closes it loses what is not committed, and finds the rest when he is back."""
        for cursor in (known() for known in self.cursors):
            if cursor is not None:  # SQLite crashes over one that outlives its database
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
        """Give it up for good."""
        self.connection.close()
        sqlite3.Connection.close(self.connection)

    def rows(self, sql: str, *parameters: Any) -> list[Any]:
        """What is committed, seen past every fault."""
        return sqlite3.Connection.cursor(self.connection).execute(sql, parameters).fetchall()

    def waits_for_disk(self) -> bool:
        """Whether a commit returns only when it would survive a power cut: `synchronous=FULL`."""
        return self.rows("PRAGMA synchronous")[0][0] >= _FULL

    def save(self) -> bytes:
        """The whole database."""
        return self.connection.serialize()

    def load(self, content: bytes) -> None:
        """Be the database that was saved."""
        self.connection.close()
        self.connection.deserialize(content)
