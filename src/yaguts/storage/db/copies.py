"""Copies of a whole database in one file: SQLite's online backup, PostgreSQL's `pg_dump`."""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url

_FOLLOWERS = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database. What an older database left there belongs to no other."""


class CopyError(Exception):
    """A copy could not be made, read or laid back. Its text says why, for an operator."""


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

    Raises `CopyError` when the database cannot be read, or is damaged.
    """
    file = sqlite_file(url)
    if file is None:
        _run_tool("pg_dump", url, "--format=custom", f"--file={to}")
        return
    try:
        with closing(_opened(file)) as source, closing(sqlite3.connect(to)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise CopyError(f"{file}: {error}") from error
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


def lay(copied: Path, url: str) -> None:
    """Put the copy in the place of the database. Nobody may have it open.

    What SQLite left beside the former database goes first: laid beside another, a write-ahead log
    would play over it. Raises `CopyError`.
    """
    file = sqlite_file(url)
    if file is None:
        options = ("--clean", "--if-exists", "--no-owner", "--single-transaction")
        _run_tool("pg_restore", url, *options, str(copied))
        return
    verify(copied)
    for suffix in _FOLLOWERS:
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    copied.replace(file)


def left_over(url: str) -> Path | None:
    """A write-ahead log beside the database that nobody has taken in yet."""
    file = sqlite_file(url)
    log = None if file is None else file.with_name(file.name + "-wal")
    return log if log is not None and log.exists() and log.stat().st_size else None


def _opened(file: Path) -> sqlite3.Connection:
    """An existing database, to be read."""
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=rw", uri=True)


def _run_tool(program: str, url: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs. The password goes through the environment: `ps` shows
    arguments to everybody.
    """
    address = make_url(f"postgresql://{url.partition('://')[2]}")
    without_password = address._replace(password=None)  # `set` takes None for "as it was"
    database = f"--dbname={without_password.render_as_string()}"
    environment = dict(os.environ)
    if address.password is not None:
        environment["PGPASSWORD"] = address.password
    try:
        done = subprocess.run(
            [program, database, *arguments],
            env=environment,
            capture_output=True,
            check=False,
            text=True,
        )
    except FileNotFoundError:
        raise CopyError(f"{program} is missing: install PostgreSQL's client programs") from None
    if done.returncode:
        raise CopyError(f"{program}: {done.stderr.strip().partition(chr(10))[0]}")
