"""Transactions of SQLite's that write: one at a time, and several callers' work in one of them.

A commit waits for the disk, longer than most callers take to write. A caller that is done leaves
the transaction open if another one waits for a turn, and goes on when the last of them has
committed. Nobody waits in order that others may come.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from functools import partial
from sqlite3 import SQLITE_BUSY
from sqlite3 import Error as SqliteError

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from yaguts.domain.errors import Unavailable
from yaguts.storage.db.turns import Turns
from yaguts.storage.db.waits import Aside, Gate, is_on_loop

BUSY_TIMEOUT_MS = 5000
"""So long a caller waits for a lock of the file that another process has, from when it came."""
BUSY_TIMEOUT = f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}"
_BEGIN = "BEGIN IMMEDIATE"
JOINED_WITHIN_S = 0.01
"""Nobody joins a transaction that began longer ago: it keeps other processes from writing."""


class SharedCommits:
    """The transactions of one database. `monotonic` gives seconds that pass as time does."""

    def __init__(self, engine: Engine, monotonic: Callable[[], float]) -> None:
        self._engine, self._monotonic = engine, monotonic
        self._turns, self._aside = Turns(), Aside()
        self._open: _Transaction | None = None  # for whoever has the turn
        self._kept: Connection | None = None  # to take one from the pool takes as long as to write

    @contextmanager
    def one(self, *, shared: bool) -> Generator[Connection]:
        """A transaction that is durable when the block ends, and undone when it raises.

        Only what is `shared` is in one transaction with others, each of which is undone by itself.
        Raises `Unavailable` when the commit of another caller failed, and nothing is durable.
        """
        came = self._monotonic()
        self._turns.take()
        try:
            transaction = self._joined(came) if shared else self._begun(came)
        except BaseException:
            self._turns.give_up()
            raise
        try:
            yield transaction.connection
            transaction.keep()
        except BaseException as error:
            try:
                transaction.undo(error)
            finally:
                self._leave(transaction, shared=shared)
            raise
        self._leave(transaction, shared=shared)

    @contextmanager
    def none(self) -> Generator[None]:
        """No transaction is open during the block, and none begins."""
        with self._turns.one():
            self._finish()
            yield

    def close(self) -> None:
        """Nobody writes any more."""
        self._aside.close()
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()

    def _joined(self, came: float) -> "_Transaction":
        open_ = self._open
        if open_ is None or self._monotonic() - open_.began > JOINED_WITHIN_S:
            return self._begun(came)
        try:
            open_.join()
        except BaseException:
            self._finish()
            raise
        return open_

    def _begun(self, came: float) -> "_Transaction":
        """A new one. Who has waited for a turn waits so much less for the lock of the file."""
        self._finish()
        connection, self._kept = self._kept or self._engine.connect(), None
        began = self._monotonic()
        left_ms = max(0, BUSY_TIMEOUT_MS - round((began - came) * 1000))
        self._open = _Transaction(connection, self._keep, self._aside, began, left_ms)
        return self._open

    def _keep(self, connection: Connection) -> None:
        self._kept = connection

    def _finish(self) -> None:
        """Commit what others left open. Its failure is theirs."""
        open_, self._open = self._open, None
        if open_ is not None:
            with suppress(Exception):
                open_.commit()

    def _leave(self, transaction: "_Transaction", *, shared: bool) -> None:
        """Leave the transaction to the next caller, or end it."""
        if shared and self._turns.is_awaited and not transaction.is_over:
            self._turns.give_up()
            transaction.wait()
            return
        self._open = None
        try:
            transaction.commit()
        finally:
            self._turns.give_up()


class _Transaction:
    """One that has begun at `began`. Called by whoever has the turn, but for `wait`.

    `busy_ms`: so long it waits for the lock of the file. Raises what SQLite raises then.
    """

    def __init__(
        self,
        connection: Connection,
        keep: Callable[[Connection], None],
        aside: Aside,
        began: float,
        busy_ms: int,
    ) -> None:
        self._keep, self._aside, self.began = keep, aside, began
        self.connection = connection
        self._is_first = True
        self._ended = Gate()
        self._failure: BaseException | None = None
        try:
            self._begin(busy_ms)
        except BaseException:
            self.connection.close()
            raise

    @property
    def is_over(self) -> bool:
        """Whether it has been committed or undone as a whole."""
        return self._ended.is_open

    def _begin(self, busy_ms: int) -> None:
        """Take the lock of the file. If another process has it, no event loop waits for that."""
        if not is_on_loop():
            self._begin_within(busy_ms)
            return
        try:
            self._begin_within(0)
        except SqliteError as error:
            # The rest of the code says why it is busy.
            if not busy_ms or error.sqlite_errorcode & 0xFF != SQLITE_BUSY:
                raise
            self._aside.run(partial(self._begin_within, busy_ms))

    def _begin_within(self, busy_ms: int) -> None:
        if busy_ms == BUSY_TIMEOUT_MS:
            self._say(_BEGIN)
            return
        self._say(f"PRAGMA busy_timeout={busy_ms}")
        try:
            self._say(_BEGIN)
        finally:
            self._say(BUSY_TIMEOUT)

    def join(self) -> None:
        """Another caller comes in, whose work can be undone by itself."""
        self._is_first = False
        self._say("SAVEPOINT caller")

    def keep(self) -> None:
        """The caller has done its work. Raises what SQLite raises."""
        if not self._is_first:
            self._say("RELEASE caller")

    def undo(self, error: BaseException) -> None:
        """Undo the caller's work: that of the first is all that there is."""
        if not self._is_first:
            with suppress(SqliteError):
                self._say("ROLLBACK TO caller")
                self._say("RELEASE caller")
                return
        # Or SQLite has undone all by itself, as it does when the disk is full.
        self._end(error)

    def commit(self) -> None:
        """Make all of it durable, unless it is over. Raises what SQLAlchemy raises."""
        if self.is_over:
            return
        try:
            self._aside.run(partial(commit, self.connection))
        except BaseException as error:
            self._end(error)
            raise
        self._end(None)

    def wait(self) -> None:
        """Wait until another caller has ended it. Raises `Unavailable`: nothing is durable."""
        self._ended.wait()
        if self._failure is not None:
            raise Unavailable from self._failure

    def _end(self, failure: BaseException | None) -> None:
        self._failure = failure
        if failure is None:
            self._keep(self.connection)
        else:
            self.connection.close()  # It undoes what is not committed.
        self._ended.open()

    def _say(self, statement: str) -> None:
        say(self.connection, statement)


def say(connection: Connection, statement: str) -> None:
    """The driver is called directly: through SQLAlchemy this would cost as much as a query."""
    connection.connection.cursor().execute(statement)


def commit(connection: Connection) -> None:
    """Commit. Raises what SQLAlchemy raises; nothing is locked then."""
    try:
        if connection.in_transaction():
            connection.commit()
        else:  # SQLAlchemy knows of none when nothing was asked.
            connection.connection.commit()
    except OperationalError:
        # SQLAlchemy takes the transaction for ended, but SQLite may still hold its lock.
        connection.connection.rollback()
        raise
