"""Copies of a whole database in one file: SQLite's online backup, PostgreSQL's `pg_dump`."""

import os
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing, nullcontext, suppress
from pathlib import Path

from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from yaguts.storage.db.database import postgresql_address

_FOLLOWERS = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database. What an older database left there belongs to no other."""
_DROP_TABLES = """DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema()
    LOOP EXECUTE 'DROP TABLE IF EXISTS ' || quote_ident(name) || ' CASCADE'; END LOOP; END $$"""


class CopyError(Exception):
    """A copy could not be made, read or laid back. Its text says why, for an operator.

    Nothing has changed, unless it is `HalfLaid`.
    """


class ToolMissing(CopyError):
    """PostgreSQL's client programs are not installed."""


class NoRoom(CopyError):
    """The disk takes no more of the copy."""


class HalfLaid(CopyError):
    """The former database is gone, and the copy is not in its place."""


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite database; None for PostgreSQL and for a database in memory."""
    path = url.removeprefix("sqlite:///").partition("?")[0]
    if not url.startswith("sqlite:///") or path in ("", ":memory:"):
        return None
    return Path(path)


def is_there(url: str) -> bool:
    """Whether the database exists. A server of PostgreSQL's that does not answer counts as one."""
    file = sqlite_file(url)
    return file is None or file.exists()


def copy(url: str, to: Path) -> None:
    """Copy the database to a new file while others read and write it, and verify the copy.

    Raises `CopyError` when the database cannot be read, is damaged, or there is no room.
    """
    file = sqlite_file(url)
    if file is None:
        _run_tool("pg_dump", *_to(url), "--format=custom", f"--file={to}")
        verify_dump(to)
        return
    try:
        with closing(_opened(file)) as source, closing(sqlite3.connect(to)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise _named(error, file, to) from error
    verify(to)


def verify(copied: Path) -> None:
    """Read every page and every index of a copy of SQLite. Raises `CopyError`."""
    try:
        with closing(_opened(copied)) as connection:
            told = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        raise CopyError(str(error)) from error
    if told != "ok":
        raise CopyError(told)


def verify_dump(copied: Path) -> None:
    """Read the whole of a copy of PostgreSQL's, as a restore would. Raises `CopyError`."""
    _run_tool("pg_restore", {}, f"--file={os.devnull}", str(copied))


def lay(copied: Path, url: str, *, cleared: bool = False) -> None:
    """Put the copy in the place of the database. Nobody may have it open.

    What SQLite left beside the former database goes first: laid beside another, a write-ahead log
    would play over it. With `cleared` PostgreSQL's tables go first, so that none stays that the
    copy does not have. Raises `CopyError`.
    """
    file = sqlite_file(url)
    if file is not None:
        verify(copied)
        lay_file(copied, file)
        return
    verify_dump(copied)
    if cleared:
        drop_tables(url)
    options = ("--clean", "--if-exists", "--no-owner", "--single-transaction", str(copied))
    try:
        _run_tool("pg_restore", *_to(url), *options)
    except CopyError as error:
        raise (HalfLaid if cleared else CopyError)(str(error)) from None


def lay_file(copied: Path, file: Path) -> None:
    """Put a file in the place of a SQLite database. A kill leaves the one or the other, whole."""
    end_log(file)
    write_out(copied)
    copied.replace(file)
    write_out(file.absolute().parent)


def end_log(file: Path) -> None:
    """Remove what SQLite left beside a database, after the database has taken in what is in it."""
    settle_log(file)
    for suffix in _FOLLOWERS:
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def settle_log(file: Path) -> None:
    """Have a database take in its write-ahead log. What is damaged stays as it is."""
    if file.exists():
        with suppress(sqlite3.Error), closing(_opened(file)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")


def drop_tables(url: str) -> None:
    """Drop every table of a database of PostgreSQL's, all or none. Raises `CopyError`."""
    engine = create_engine(postgresql_address(url))
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(_DROP_TABLES)
    except SQLAlchemyError as error:
        raise CopyError(f"PostgreSQL: {first_line(error)}") from error
    finally:
        engine.dispose()


def first_line(error: Exception) -> str:
    """What the database itself said, without the statement and its values."""
    return str(getattr(error, "orig", None) or error).strip().partition("\n")[0]


def write_out(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk. Not every disk can do the latter."""
    handle = os.open(path, os.O_RDONLY)
    try:
        with suppress(OSError) if path.is_dir() else nullcontext():
            os.fsync(handle)
    finally:
        os.close(handle)


def left_over(url: str) -> Path | None:
    """A write-ahead log beside the database that nobody has taken in yet."""
    file = sqlite_file(url)
    log = None if file is None else file.with_name(file.name + "-wal")
    return log if log is not None and log.exists() and log.stat().st_size else None


def _opened(file: Path) -> sqlite3.Connection:
    """An existing database, to be read."""
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=rw", uri=True)


def _named(error: sqlite3.Error, source: Path, target: Path) -> CopyError:
    if getattr(error, "sqlite_errorname", "") in ("SQLITE_FULL", "SQLITE_IOERR_WRITE"):
        return NoRoom(f"the copy cannot be written to {target.parent}: {error}")
    return CopyError(f"{source}: {error}")


def _to(url: str) -> tuple[Mapping[str, str], str]:
    """How one of PostgreSQL's own programs reaches a database. The password goes through the
    environment: `ps` shows arguments to everybody.
    """
    address = make_url(f"postgresql://{url.partition('://')[2]}")
    without_password = address._replace(password=None)  # `set` takes None for "as it was"
    secret = {} if address.password is None else {"PGPASSWORD": address.password}
    # The programs want a space in the name of a database written otherwise than SQLAlchemy does.
    return secret, f"--dbname={without_password.render_as_string().replace(' ', '%20')}"


def _run_tool(program: str, secret: Mapping[str, str], *arguments: str) -> None:
    try:
        done = subprocess.run(
            [program, *arguments],
            env={**os.environ, **secret},
            capture_output=True,
            check=False,
            text=True,
        )
    except FileNotFoundError:
        raise ToolMissing(f"{program} is missing: install PostgreSQL's client programs") from None
    if done.returncode:
        raise CopyError(f"{program}: {done.stderr.strip().partition(chr(10))[0]}")
