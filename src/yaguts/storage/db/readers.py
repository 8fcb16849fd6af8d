"""Connections of SQLite that only read. They are kept between two reads.

To take a connection from the pool and to give it back takes longer than most queries.
"""

from collections.abc import Generator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Engine

from yaguts.storage.db.shared_commits import say

MOST_KEPT = 8
"""So few that the pool has enough for all threads."""


class Readers:
    """The kept connections of one database, for any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept: list[Connection] = []

    @contextmanager
    def one(self) -> Generator[Connection]:
        """A transaction that sees one moment. What it writes is undone.

        A connection in whose block anything was raised is not kept.
        """
        connection, whole = self._taken(), False
        try:
            say(connection, "BEGIN")
            yield connection
            _undo(connection)
            whole = True
        finally:
            if whole and len(self._kept) < MOST_KEPT:
                self._kept.append(connection)
            else:
                connection.close()

    def close(self) -> None:
        """Close those that nobody uses."""
        with suppress(IndexError):
            while True:
                self._kept.pop().close()

    def _taken(self) -> Connection:
        with suppress(IndexError):
            return self._kept.pop()
        return self._engine.connect()


def _undo(connection: Connection) -> None:
    if connection.in_transaction():
        connection.rollback()
    else:  # SQLAlchemy knows of none when nothing was asked.
        connection.connection.rollback()
