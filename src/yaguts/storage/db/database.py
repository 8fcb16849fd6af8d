"""Open the database and hand out transactions: SQLite by default, PostgreSQL by URL."""

import logging
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from sqlite3 import Connection as SqliteConnection
from sqlite3 import DatabaseError as SqliteDatabaseError
from sqlite3 import OperationalError as SqliteError
from threading import Lock

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from yaguts.domain.errors import Damaged, Unavailable

BUSY_TIMEOUT_MS = 5000
CONNECT_TIMEOUT_S = 5

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    # FULL: an answered report survives a power cut. NORMAL was measured to lose some.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
)
_SETTINGS = (
    # A commit that does not wait for the disk could lose an answered report. Stricter settings
    # stay.
    """SELECT set_config('synchronous_commit', 'on', false)
        WHERE current_setting('synchronous_commit') = 'off'""",
    f"SET lock_timeout = {BUSY_TIMEOUT_MS}",
)
_log = logging.getLogger(__name__)
_SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


CONNECTIONS = 40
"""One for each thread that serves people or dispensers: `services.runtime.threads`. PostgreSQL has
room for a hundred unless it is told otherwise."""
_POOL = {"pool_size": 10, "max_overflow": CONNECTIONS - 10}


class Database:
    """One database. `read()` and `write()` each give a connection inside one transaction.

    `carries_notices`: the database can pass messages between processes, see `storage.db.notify`.
    """

    def __init__(self, url: str) -> None:
        self._sqlite = url.startswith("sqlite")
        self.carries_notices = not self._sqlite
        self.engine = _sqlite(url) if self._sqlite else _postgresql(url)
        # SQLite allows one write at a time. Threads wait here, because SQLite's own waiting is not
        # fair
        # and turns a thread away after BUSY_TIMEOUT_MS.
        self._queue = Lock() if self._sqlite else nullcontext()

    @contextmanager
    def read(self) -> Generator[Connection]:
        """A transaction that only reads, and sees one moment throughout."""
        with _outages_named(), self.engine.connect() as connection:
            if self._sqlite:
                _begin(connection, "BEGIN")
            else:
                connection.execution_options(**_SNAPSHOT)
            yield connection

    @contextmanager
    def write(self) -> Generator[Connection]:
        """A transaction that is durable when the block ends, and undone when it raises.

        SQLite's write lock is taken at the start, so that what was read stays true. PostgreSQL
        locks the job that changes: `storage.jobs.take`. Raises `Unavailable`.
        """
        with _outages_named(), self._queue, self.engine.connect() as connection:
            if self._sqlite:
                _begin(connection, "BEGIN IMMEDIATE")
            yield connection
            _commit(connection)

    @contextmanager
    def restructure(self) -> Generator[Connection]:
        """A `write()` that may rebuild tables: SQLite ignores foreign keys meanwhile."""
        if not self._sqlite:
            with self.write() as connection:
                yield connection
            return
        with _outages_named(), self._queue, self.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                yield connection
                _commit(connection)
            finally:
                connection.rollback()
                connection.exec_driver_sql("PRAGMA foreign_keys=ON")

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _begin(connection: Connection, how: str) -> None:
    """The driver is called directly: through SQLAlchemy this would cost as much as a query."""
    connection.connection.cursor().execute(how)


def _commit(connection: Connection) -> None:
    try:
        connection.commit()
    except OperationalError:
        # SQLAlchemy takes the transaction for ended, but SQLite may still hold its lock.
        connection.connection.rollback()
        raise


@contextmanager
def _outages_named() -> Generator[None]:
    """Turn every failure to reach the database into `Unavailable`: the caller can only try
    again.
    """
    try:
        yield
    except (OperationalError, SqliteError, PoolTimeout) as error:
        _log.exception("The database refuses")
        raise Unavailable from error
    except (DatabaseError, SqliteDatabaseError) as error:
        cause = error.orig if isinstance(error, DatabaseError) else error
        if type(cause) is not SqliteDatabaseError:  # its subclasses mean something else
            raise
        _log.error("The database is damaged: %s", cause)
        raise Damaged from error


def _sqlite(url: str) -> Engine:
    in_memory = url in ("sqlite://", "sqlite:///:memory:")
    engine = (
        create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
        if in_memory
        else create_engine(url, **_POOL)
    )
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: SqliteConnection, _entry: ConnectionPoolEntry) -> None:
    # None: the driver starts no transaction of its own; `write()` says BEGIN IMMEDIATE.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def postgresql_address(url: str) -> URL:
    """SQLAlchemy's address of `postgresql://…`, as PostgreSQL's own tools write it."""
    _, _, rest = url.partition("://")
    address = make_url(f"postgresql+psycopg://{rest}")
    if "connect_timeout" not in address.query:
        address = address.update_query_dict({"connect_timeout": str(CONNECT_TIMEOUT_S)})
    return address


def place_of_postgresql(url: str) -> str:
    """Host, port and name of a database of PostgreSQL's, without who signs in there and how."""
    address = postgresql_address(url)
    host = address.host or address.query.get("host", "")
    port = address.port or address.query.get("port", 5432)
    return f"{host}:{port}/{address.database or ''}"


def _postgresql(url: str) -> Engine:
    engine = create_engine(postgresql_address(url), **_POOL)
    event.listen(engine, "connect", _settle)
    return engine


def _settle(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for setting in _SETTINGS:
        cursor.execute(setting)
    cursor.close()
    connection.commit()
