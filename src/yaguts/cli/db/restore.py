"""`yaguts db restore` and `yaguts db restored`: back to an older copy."""

import secrets
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from yaguts.cli.db.backup import BACKUP
from yaguts.cli.db.failures import failures_named, not_in_memory
from yaguts.cli.startup.environment import (
    data_option,
    existing_database,
    say_copied,
    settings,
    upgrade_database,
)
from yaguts.domain.high_water_mark import Mark
from yaguts.domain.jobs.job import Job
from yaguts.services.ops.backups.backup import Backup, latest_mark, lay_back, opened
from yaguts.services.ops.backups.copy_before import copy_before_restore
from yaguts.services.ops.backups.working_folder import existing
from yaguts.services.ops.epochs import begin_epoch
from yaguts.services.ops.restore_detection import say_restored
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.files.data_folder import make_folder
from yaguts.services.runtime.files.mark_file import mark_of
from yaguts.services.runtime.files.server_files import beside
from yaguts.services.runtime.files.signposts import insist_on_none, moved, restoring
from yaguts.services.runtime.hub import Hub
from yaguts.settings import Settings
from yaguts.storage.db.copying.copies import CopyError, NoRoom, left_over
from yaguts.storage.db.database import Database
from yaguts.storage.db.in_use import InUse, alone_with
from yaguts.storage.db.migrate import upgrade
from yaguts.storage.db.ours import insist_on_some_version


@click.command(name="restore")
@data_option
@click.argument("file", type=BACKUP)
def restore_command(file: Path) -> None:
    """Put a backup in the place of the database. No server may run.

    Orders that were open when it was made are given up. What came later is not in it.
    """
    wanted = settings()
    not_in_memory(wanted)
    with failures_named(), _opened(file, wanted) as backup:
        insist_on_some_version(wanted.database_url)
        make_folder(wanted)
        with alone_with(wanted.database_url):
            given_up = _restore(backup, wanted)
        click.echo(f"The database is as it was at {backup.made_at:%Y-%m-%d %H:%M:%S} UTC.")
    for job in given_up:
        click.echo(f"Order {job.id} was open then, and is given up: {job.state}.")
    click.echo(f"{len(given_up)} open orders are given up.")


@click.command(name="restored")
@data_option
def restored_command() -> None:
    """Say that the database was restored from an older copy: open orders are to be given up.

    A server notices it by itself where it has kept a mark beside the database.
    """
    not_in_memory(settings())
    wanted = existing_database()
    url = wanted.database_url
    with failures_named():
        insist_on_none(wanted)
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


@contextmanager
def _opened(file: Path, wanted: Settings) -> Generator[Backup]:
    """Unpacked on the disk of the database, so that it can be moved there at once."""
    with opened(file, existing(_folder(wanted))) as backup:
        yield backup


def _folder(wanted: Settings) -> Path:
    database = beside(wanted, "")
    assert database is not None
    return database.absolute().parent


def _restore(backup: Backup, wanted: Settings) -> tuple[Job, ...]:
    """Until it is finished a signpost keeps servers away."""
    _copy_first(wanted)
    lost = latest_mark(backup, wanted)
    lay_back(backup, wanted)
    upgrade(wanted.database_url)
    given_up = _begin_epoch(wanted, lost)
    restoring(wanted).take_away()
    moved(wanted).take_away()
    return given_up


def _copy_first(wanted: Settings) -> None:
    """A database that is damaged can't be copied, and is to be replaced all the more."""
    try:
        say_copied(copy_before_restore(wanted, datetime.now(UTC)))
    except NoRoom:
        raise
    except CopyError as error:
        click.echo(f"Note: the database as it was could not be copied: {error}.", err=True)


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
