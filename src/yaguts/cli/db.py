"""`yaguts db`: look after the database."""

import secrets
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from yaguts.cli.startup.environment import (
    data_option,
    existing_database,
    make_files_privately,
    own_database,
    settings,
    upgrade_database,
)
from yaguts.domain.high_water_mark import Mark
from yaguts.domain.jobs.job import Job
from yaguts.services.ops.backup import back_up, latest_mark, lay_back, opened
from yaguts.services.ops.epochs import begin_epoch
from yaguts.services.ops.restore_detection import say_restored
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.data_folder import make_folder, whereabouts
from yaguts.services.runtime.hub import Hub
from yaguts.services.runtime.mark_file import mark_of
from yaguts.settings import BadSetting, Settings
from yaguts.storage.db.copies import CopyError, left_over
from yaguts.storage.db.database import Database
from yaguts.storage.db.in_use import InUse, alone_with

_FILE = click.Path(dir_okay=False, path_type=Path)
_BACKUP = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def db() -> None:
    """Look after the database."""
    make_files_privately()


@db.command(name="upgrade")
@data_option
def upgrade_command() -> None:
    """Create the database, or bring it to what this version needs."""
    click.echo(whereabouts(own_database()))


@db.command(name="backup")
@data_option
@click.argument("file", type=_FILE)
def backup_command(file: Path) -> None:
    """Copy the database, the key and the tokens of virtual boards into one file.

    Servers may go on meanwhile. The copy is verified before it takes the place of FILE.
    """
    _not_in_memory(settings())
    wanted = existing_database()
    if not file.absolute().parent.is_dir():
        raise click.ClickException(f"There is no folder {file.absolute().parent}.")
    with _failures_named():
        back_up(wanted, file, datetime.now(UTC))
    click.echo(f"{file}: {file.stat().st_size / 1e6:.1f} MB, verified. It holds secrets: keep it")
    click.echo("where nobody else reads it.")


@db.command(name="restore")
@data_option
@click.argument("file", type=_BACKUP)
def restore_command(file: Path) -> None:
    """Put a backup in the place of the database. No server may run.

    Orders that were open when it was made are given up. What came later is not in it.
    """
    wanted = settings()
    _not_in_memory(wanted)
    url = wanted.database_url
    with _failures_named(), opened(file) as backup:
        make_folder(wanted)
        with alone_with(url):
            lost = latest_mark(backup, wanted)
            lay_back(backup, wanted)
            upgrade_database(wanted)
            given_up = _begin_epoch(wanted, lost)
        click.echo(f"The database is as it was at {backup.made_at:%Y-%m-%d %H:%M:%S} UTC.")
    for job in given_up:
        click.echo(f"Order {job.id} was open then, and is given up: {job.state}.")
    click.echo(f"{len(given_up)} open orders are given up.")


@db.command(name="restored")
@data_option
def restored_command() -> None:
    """Say that the database was restored from an older copy: open orders are to be given up.

    A server notices it by itself where it has kept a mark beside the database.
    """
    _not_in_memory(settings())
    wanted = existing_database()
    url = wanted.database_url
    log = left_over(url)
    if log is not None and not _is_served(url):
        raise click.ClickException(
            f"{log} is from before: it would play over the copy. If you laid the copy there by"
            f" hand, remove {log.name} and {log.name.removesuffix('-wal')}-shm and say this again;"
            " `yaguts db backup` and `yaguts db restore` do it all by themselves."
        )
    upgrade_database(wanted)
    mark, database = mark_of(wanted), Database(url)
    try:
        say_restored(database, mark)
    finally:
        database.close()
    click.echo(f"Noted in {mark.file}: the server that is started on this database, or runs")
    click.echo("already, gives up what is open and keeps reports of orders that it does not know.")


def _not_in_memory(wanted: Settings) -> None:
    if mark_of(wanted).file is None:
        raise click.ClickException("YAGUTS_DATABASE_URL: a database in memory is never restored")


def _is_served(url: str) -> bool:
    try:
        with alone_with(url):
            return False
    except InUse:
        return True


def _begin_epoch(wanted: Settings, lost: Mark | None) -> tuple[Job, ...]:
    site = Site(
        Database(wanted.database_url),
        lambda: datetime.now(UTC),
        secrets.token_bytes,
        Hub(),
        wanted,
        high_water_mark=mark_of(wanted),
    )
    try:
        return begin_epoch(site, lost)
    finally:
        site.database.close()


@contextmanager
def _failures_named() -> Generator[None]:
    """What goes wrong is one line, and nothing has changed before it."""
    try:
        yield
    except InUse:
        raise click.ClickException("A server is running on this database: stop it first.") from None
    except (CopyError, BadSetting, OSError) as error:
        raise click.ClickException(str(error)) from None
