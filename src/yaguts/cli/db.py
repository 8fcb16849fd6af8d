"""`yaguts db`: look after the database."""

import secrets
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from yaguts.cli.startup.environment import existing_database, settings, upgrade_database
from yaguts.services.ops.backup import back_up, latest_mark, lay_back, opened
from yaguts.services.ops.epochs import begin_epoch
from yaguts.services.ops.restore_detection import say_restored
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.hub import Hub
from yaguts.services.runtime.mark_file import HighWaterMark, mark_beside
from yaguts.settings import Settings
from yaguts.storage.db.copies import CopyError, left_over
from yaguts.storage.db.database import Database
from yaguts.storage.db.in_use import InUse, alone_with

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def db() -> None:
    """Look after the database."""


@db.command(name="upgrade")
def upgrade_command() -> None:
    """Create the database, or bring it to what this version needs."""
    upgrade_database(settings())


@db.command(name="backup")
@click.argument("file", type=_FILE)
def backup_command(file: Path) -> None:
    """Copy the database, the key and the tokens of virtual boards into one file.

    Servers may go on meanwhile. The copy is verified before it takes the place of FILE.
    """
    _not_in_memory(settings())
    url = existing_database()
    with _failures_named():
        back_up(url, file, datetime.now(UTC))
    click.echo(f"{file}: {file.stat().st_size / 1e6:.1f} MB, verified. It holds secrets: keep it")
    click.echo("where nobody else reads it.")


@db.command(name="restore")
@click.argument("file", type=_FILE)
def restore_command(file: Path) -> None:
    """Put a backup in the place of the database. No server may run.

    Orders that were open when it was made are given up. What came later is not in it.
    """
    wanted = _not_in_memory(settings())
    url = wanted.database_url
    with _failures_named(), opened(file) as backup, alone_with(url):
        lost = latest_mark(backup, url)
        lay_back(backup, url)
        upgrade_database(wanted)
        site = _site(wanted)
        try:
            given_up = begin_epoch(site, lost)
        finally:
            site.database.close()
        click.echo(f"The database is as it was at {backup.made_at:%Y-%m-%d %H:%M:%S} UTC.")
    for job in given_up:
        click.echo(f"Order {job.id} was open then, and is given up: {job.state}.")
    click.echo(f"{len(given_up)} open orders are given up.")


@db.command(name="restored")
def restored_command() -> None:
    """Say that the database was restored from an older copy: open orders are to be given up.

    A server notices it by itself where it has kept a mark beside the database.
    """
    wanted = _not_in_memory(settings())
    url = existing_database()
    log = left_over(url)
    if log is not None and not _is_served(url):
        raise click.ClickException(
            f"{log} is from before: it would play over the copy. If you laid the copy there by"
            f" hand, remove {log.name} and {log.name.removesuffix('-wal')}-shm and say this again;"
            " `yaguts db backup` and `yaguts db restore` do it all by themselves."
        )
    upgrade_database(wanted)
    file = mark_beside(url)
    assert file is not None  # it is not in memory
    database = Database(url)
    try:
        say_restored(database, file)
    finally:
        database.close()
    click.echo(f"Noted in {file}: the server that is started in this folder, or runs here already,")
    click.echo("gives up what is open and keeps reports of orders that it does not know.")


def _not_in_memory(wanted: Settings) -> Settings:
    if mark_beside(wanted.database_url) is None:
        raise click.ClickException("YAGUTS_DATABASE_URL: a database in memory is never restored")
    return wanted


def _is_served(url: str) -> bool:
    try:
        with alone_with(url):
            return False
    except InUse:
        return True


def _site(wanted: Settings) -> Site:
    return Site(
        Database(wanted.database_url),
        lambda: datetime.now(UTC),
        secrets.token_bytes,
        Hub(),
        wanted,
        high_water_mark=HighWaterMark(mark_beside(wanted.database_url)),
    )


@contextmanager
def _failures_named() -> Generator[None]:
    """What goes wrong is one line, and nothing has changed before it."""
    try:
        yield
    except InUse:
        raise click.ClickException("A server is running on this database: stop it first.") from None
    except (CopyError, OSError) as error:
        raise click.ClickException(str(error)) from None
