"""A disk under SQLite that remembers every write, so that a power cut can be tried after each.

The writes go through a VFS of apsw, which brings an SQLite of its own; a thin shim makes its
connections look like those of Python's `sqlite3`, which is what the server takes them for.
"""

import sqlite3
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import apsw
from sqlalchemy import event

from yaguts.storage.db.database import Database

SECTOR = 512


@dataclass(frozen=True)
class Op:
    """Something done to a file: a write, a sync (no data), or a truncation to `offset`."""

    file: str
    kind: str
    offset: int = 0
    data: bytes = b""


@dataclass
class Disk:
    """What was done to its files. `full_from`: from that write on (1 is the first) it is full."""

    ops: list[Op] = field(default_factory=list[Op])
    full_from: int | None = None
    writes: int = 0

    def serve(self, database: Database) -> None:
        """Have the database use this disk. It has one connection, alone with its file."""
        vfs = _Vfs(self)
        path = str(database.engine.url.database)
        only: list[_Connection] = []  # The pool's reader and its writer are the same.

        def connect(*_: object) -> _Connection:
            if not only or only[0].closed:
                only[:] = [_Connection(path, vfs)]
            return only[0]

        event.listen(database.engine, "do_connect", connect)

    def before_write(self) -> None:
        self.writes += 1
        if self.full_from is not None and self.writes >= self.full_from:
            raise apsw.FullError("no room left")

    def after_cut(self, at: int, base: dict[str, bytes], chance: Random | None) -> dict[str, bytes]:
        """What is in the files if the power fails before op number `at`.

        What was synced is there. Of the rest each write is there, missing or torn, as chance
        wills; without chance all of it is missing.
        """
        files = {name: bytearray(content) for name, content in base.items()}
        synced = {op.file: number for number, op in enumerate(self.ops[:at]) if op.kind == "sync"}
        for number, op in enumerate(self.ops[:at]):
            content = files.setdefault(op.file, bytearray())
            if number < synced.get(op.file, -1):
                _apply(content, op, len(op.data))
            elif chance is not None and op.kind != "sync":
                kept = chance.choice([0, len(op.data), chance.randint(0, len(op.data))])
                if kept or (op.kind == "truncate" and chance.random() < 0.5):
                    _apply(content, op, kept - kept % SECTOR if kept < len(op.data) else kept)
        return {name: bytes(content) for name, content in files.items()}


def _apply(content: bytearray, op: Op, length: int) -> None:
    if op.kind == "truncate":
        del content[op.offset :]
    elif op.kind == "write":
        content.extend(bytes(max(0, op.offset - len(content))))
        content[op.offset : op.offset + length] = op.data[:length]


class _Vfs(apsw.VFS):
    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self.name = f"disk-{id(self)}"
        super().__init__(self.name, "")

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        return _File(self.disk, Path(path).name if path else "temporary", name, flags)


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, file: str, name: Any, flags: list[int]) -> None:
        self.disk, self.file = disk, file
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self.disk.before_write()
        super().xWrite(data, offset)
        self.disk.ops.append(Op(self.file, "write", offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        super().xTruncate(newsize)
        self.disk.ops.append(Op(self.file, "truncate", newsize))

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        self.disk.ops.append(Op(self.file, "sync"))


@contextmanager
def _as_sqlite3() -> Generator[None]:
    try:
        yield
    except apsw.ConstraintError as error:
        raise sqlite3.IntegrityError(str(error)) from error
    except apsw.Error as error:
        raise sqlite3.OperationalError(str(error)) from error


class _Connection:
    """As much of `sqlite3.Connection` as the server uses."""

    isolation_level: str | None = None
    closed = False

    def __init__(self, path: str, vfs: _Vfs) -> None:
        self._vfs = vfs  # apsw does not keep it alive
        with _as_sqlite3():
            self.apsw = apsw.Connection(path, vfs=vfs.name)
            # Without it a WAL needs memory shared between processes, which this VFS has not.
            self.apsw.execute("PRAGMA locking_mode = EXCLUSIVE")
            self.apsw.execute("PRAGMA wal_autocheckpoint = 16")

    def cursor(self) -> "_Cursor":
        return _Cursor(self.apsw)

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> "_Cursor":
        return self.cursor().execute(sql, parameters)

    def commit(self) -> None:
        self._end("COMMIT")

    def rollback(self) -> None:
        self._end("ROLLBACK")

    def _end(self, how: str) -> None:
        if self.apsw.in_transaction:
            with _as_sqlite3():
                self.apsw.execute(how)

    def close(self) -> None:
        self.closed = True
        self.apsw.close()

    def create_function(self, *_: Any, **__: Any) -> None:
        """SQLAlchemy adds a function for regular expressions, which nobody uses."""


class _Cursor:
    """As much of `sqlite3.Cursor`: every row is fetched at once."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self.description: Sequence[Any] | None = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self._rows: list[Any] = []

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> "_Cursor":
        self.description = None
        cursor = self._connection.cursor()
        cursor.exec_trace = self._describe
        with _as_sqlite3():
            before = self._connection.total_changes()
            self._rows = list(cursor.execute(sql, tuple(parameters)))
        self.rowcount = self._connection.total_changes() - before
        self.lastrowid = self._connection.last_insert_rowid()
        return self

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> "_Cursor":
        changed = sum(self.execute(sql, row).rowcount for row in rows)
        self.rowcount = changed
        return self

    def _describe(self, cursor: apsw.Cursor, _sql: str, _bindings: Any) -> bool:
        columns = cursor.get_description()
        if columns:
            self.description = [(name, None, None, None, None, None, None) for name, _ in columns]
        return True

    def fetchone(self) -> Any:
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int = 1) -> list[Any]:
        some, self._rows = self._rows[:size], self._rows[size:]
        return some

    def fetchall(self) -> list[Any]:
        everything, self._rows = self._rows, []
        return everything

    def close(self) -> None:
        self._rows = []
