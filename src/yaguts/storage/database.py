"""Open the database and hand out transactions: SQLite by default, PostgreSQL by URL."""

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

BUSY_TIMEOUT_MS = 5000

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    # FULL: an answered report survives a power cut. NORMAL was measured to lose some.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
)


class Database:
    """One database. `read()` and `write()` each give a connection inside one transaction."""

    def __init__(self, url: str) -> None:
        self.engine = _sqlite(url) if url.startswith("sqlite") else _postgresql(url)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only looks, and sees one moment throughout."""
        with self.engine.connect() as connection:
            self._begin(connection, "BEGIN")
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is durable when the block ends, and undone if it raises.

        SQLite's write lock is taken at the start, so that what was read stays true.
        """
        with self.engine.connect() as connection:
            self._begin(connection, "BEGIN IMMEDIATE")
            yield connection
            connection.commit()

    def _begin(self, connection: Connection, statement: str) -> None:
        if self.engine.dialect.name == "sqlite":
            connection.exec_driver_sql(statement)

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def _sqlite(url: str) -> Engine:
    in_memory = url in ("sqlite://", "sqlite:///:memory:")
    engine = (
        create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
        if in_memory
        else create_engine(url)
    )
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: SqliteConnection, _entry: ConnectionPoolEntry) -> None:
    # None: the driver starts no transaction of its own; `write()` says BEGIN IMMEDIATE.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _postgresql(url: str) -> Engine:
    """`postgresql://…`, as PostgreSQL's own tools write it."""
    _, _, rest = url.partition("://")
    return create_engine(f"postgresql+psycopg://{rest}")
