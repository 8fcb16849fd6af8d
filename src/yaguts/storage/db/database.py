"""Open the database and hand out transactions: SQLite by default, PostgreSQL by URL."""

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from sqlite3 import SQLITE_BUSY
from sqlite3 import Connection as SqliteConnection
from sqlite3 import DatabaseError as SqliteDatabaseError
from sqlite3 import OperationalError as SqliteError
from time import sleep
from typing import Literal

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from yaguts.domain.errors import Damaged, Unavailable
from yaguts.storage.db.outages import Outages
from yaguts.storage.db.readers import Readers
from yaguts.storage.db.shared_commits import (
    BUSY_TIMEOUT,
    BUSY_TIMEOUT_MS,
    SharedCommits,
    commit,
)

CONNECT_TIMEOUT_S = 5
_ATTEMPTS = 500
_PAUSE_S = BUSY_TIMEOUT_MS / 1000 / _ATTEMPTS

_PRAGMAS = (
    # FULL: an answered report survives a power cut. NORMAL was measured to lose some.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # A deleted person's texts do not stay in the file. Debian's SQLite is built so, others are not.
    "PRAGMA secure_delete=ON",
    BUSY_TIMEOUT,
)
_SETTINGS = (
    # A commit that does not wait for the disk could lose an answered report. Stricter settings
    # stay.
    """SELECT set_config('synchronous_commit', 'on', false)
        WHERE current_setting('synchronous_commit') = 'off'""",
    f"SET lock_timeout = {BUSY_TIMEOUT_MS}",
)
_SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


CONNECTIONS = 40
"""One for each thread that serves people or dispensers: `services.runtime.threads`. PostgreSQL has
room for a hundred unless it is told otherwise."""
_POOL = {
    "pool_size": 10,
    "max_overflow": CONNECTIONS - 10,
    "hide_parameters": True,  # An error's text ends in the log, and a parameter may be a secret.
}
_AFTER_COMMIT = "after the commit"

Way = Literal["read", "write"]
Timed = Callable[[Way, float], None]
"""Told the way and the seconds of each transaction, the waiting for a connection included."""
Beginning = Callable[[Connection], object]


def _standing_still() -> float:
    return 0.0


def _nobody(_way: Way, _seconds: float) -> None:
    pass


def after_commit(connection: Connection, call: Callable[[], object]) -> None:
    """Call this when the transaction of a `write()` is durable, and not if it is undone.

    The thread that wrote calls it.
    """
    connection.info.setdefault(_AFTER_COMMIT, []).append(call)


class Database:
    """One database. `read()` and `write()` each give a connection inside one transaction.

    `carries_notices`: the database can pass messages between processes, see `storage.db.notify`.
    `answers_at_once`: no thread is needed for short transactions, see `storage.db.waits`.
    `monotonic` gives seconds that pass as time does.
    """

    def __init__(
        self,
        url: str,
        monotonic: Callable[[], float] = _standing_still,
        timed: Timed = _nobody,
    ) -> None:
        self._monotonic, self._timed = monotonic, timed
        self.outages = Outages(monotonic)
        self._sqlite = url.startswith("sqlite")
        self.carries_notices = not self._sqlite
        self.engine = _sqlite(url) if self._sqlite else _postgresql(url)
        self._in_memory = isinstance(self.engine.pool, StaticPool)
        self.answers_at_once = self._sqlite and not self._in_memory
        self._watching: DBAPIConnection | None = None
        # SQLite allows one write at a time. Threads wait there, because SQLite's own waiting is not
        # fair and turns a thread away after BUSY_TIMEOUT_MS.
        self._commits = SharedCommits(self.engine, monotonic)
        self._readers = Readers(self.engine)
        self._checks: tuple[Beginning, ...] = ()

    def beginning_with(self, check: Beginning) -> "Database":
        """The same database, of which each `write()` begins with this check. What it raises undoes
        the transaction.
        """
        twin = copy(self)
        twin.__dict__["_checks"] = (*self._checks, check)
        return twin

    @contextmanager
    def read(self) -> Generator[Connection]:
        """A transaction that only reads, and sees one moment throughout."""
        with self._watched("read"), self._reading() as connection:
            yield connection

    @contextmanager
    def write(self, *, shared: bool = False) -> Generator[Connection]:
        """A transaction that is durable when the block ends, and undone when it raises.

        SQLite's write lock is taken at the start, so that what was read stays true. PostgreSQL
        locks the job that changes: `storage.jobs.take`. Raises `Unavailable`.

        `shared`: the block is short, and one commit may make it durable together with others'. If
        that commit fails, so does each of them. PostgreSQL's commits share the disk by themselves.
        """
        calls: list[Callable[[], object]] = []
        with self._watched("write"), self._transaction(shared=shared) as connection:
            connection.info[_AFTER_COMMIT] = calls
            for check in self._checks:
                check(connection)
            yield connection
        for call in calls:
            call()

    @contextmanager
    def restructure(self) -> Generator[Connection]:
        """A `write()` that may rebuild tables: SQLite ignores foreign keys meanwhile."""
        if not self._sqlite:
            with self.write() as connection:
                yield connection
            return
        alone = self._commits.none()
        with self._watched("write"), alone, self.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                yield connection
                commit(connection)
            finally:
                connection.rollback()
                connection.exec_driver_sql("PRAGMA foreign_keys=ON")

    def erase_deleted(self) -> None:
        """Leave nothing of what was deleted in SQLite's write-ahead log, where old pages stay until
        others take their place: as long as somebody reads. PostgreSQL does it by itself, later.
        """
        if not self._sqlite:
            return
        with self._watched("write"), self._commits.none(), self.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def version(self) -> int | None:
        """A number that is another one after every commit, whoever makes it. None where there is no
        such number: in PostgreSQL, and in memory. For one thread at a time. Raises `Unavailable`.
        """
        if not self._sqlite or self._in_memory:
            return None
        with self._watched("read"):
            cursor = self._watcher().cursor()
            cursor.execute("PRAGMA data_version")
            (version,) = cursor.fetchone() or (None,)
            return version

    def close(self) -> None:
        """Close every connection."""
        self._readers.close()
        self._commits.close()
        if self._watching is not None:
            self._watching.close()
        self.engine.dispose()

    def _watcher(self) -> DBAPIConnection:
        """A connection that never writes: its own commits would not count."""
        if self._watching is None:
            pooled = self.engine.raw_connection()
            self._watching = pooled.driver_connection
            pooled.detach()
        assert self._watching is not None
        return self._watching

    def _reading(self) -> AbstractContextManager[Connection]:
        if self._sqlite:
            return self._readers.one()
        return self.engine.connect().execution_options(**_SNAPSHOT)

    @contextmanager
    def _transaction(self, *, shared: bool) -> Generator[Connection]:
        if self._sqlite:
            with self._commits.one(shared=shared) as connection:
                yield connection
            return
        with self.engine.connect() as connection:
            yield connection
            commit(connection)

    @contextmanager
    def _watched(self, way: Way) -> Generator[None]:
        """Time a transaction, and turn every failure to reach the database into `Unavailable`: the
        caller can only try again.
        """
        began, wrote = self._monotonic(), way == "write"
        try:
            yield
            self.outages.answered(wrote=wrote)
        except (OperationalError, SqliteError, PoolTimeout) as error:
            self.outages.refused(cause_of(error), wrote=wrote)
            raise Unavailable from error
        except (DatabaseError, SqliteDatabaseError) as error:
            cause = error.orig if isinstance(error, DatabaseError) else error
            if type(cause) is not SqliteDatabaseError:  # its subclasses mean something else
                raise
            self.outages.refused(cause_of(error), wrote=wrote, damaged=True)
            raise Damaged from error
        finally:
            self._timed(way, self._monotonic() - began)


def cause_of(error: Exception) -> str:
    """The driver's first line: what follows may be the statement."""
    cause = error.orig if isinstance(error, DatabaseError) else error
    return str(cause).strip().partition("\n")[0]


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
    _keep_write_ahead_log(connection)
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _keep_write_ahead_log(connection: SqliteConnection) -> None:
    """Have a new file begin its log. SQLite refuses at once whoever does so while another does."""
    for left in reversed(range(_ATTEMPTS)):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except SqliteError as error:
            if not left or error.sqlite_errorcode & 0xFF != SQLITE_BUSY:
                raise
        sleep(_PAUSE_S)


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
