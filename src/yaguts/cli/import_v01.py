"""`yaguts import-v01`: take what a server of version 0.1 has."""

import secrets
from datetime import UTC, datetime

import click

from yaguts.cli.startup.environment import (
    data_option,
    existing_database,
    make_files_privately,
    outages_named,
    own_database,
    settings,
)
from yaguts.services.ops.v01.conversion import Conversion
from yaguts.services.ops.v01.taking import CannotImport, Imported, take, would_take
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.hub import Hub
from yaguts.storage.db.copying.copies import is_there
from yaguts.storage.db.database import Database
from yaguts.storage.db.migrate import is_latest
from yaguts.storage.v01 import NotV01, V01Database, read


@click.command(name="import-v01")
@click.argument("database")
@click.option("--dry-run", is_flag=True, help="Say what would be taken, and change nothing.")
@data_option
def import_command(database: str, *, dry_run: bool) -> None:
    """Take people, recipes, jars and orders from DATABASE, that of a server of version 0.1.

    DATABASE is a SQLite file or a PostgreSQL address. It is only read. All of it is taken or
    nothing, and a second time changes nothing.
    """
    old = _old(database)
    try:
        taken = _would_take(old) if dry_run else _take(old)
    except CannotImport as error:
        raise click.ClickException(f"{error} Nothing was changed.") from None
    if taken.again is not None:
        click.echo(f"All of it was taken at {taken.again:%Y-%m-%d %H:%M} UTC. Nothing was changed.")
        return
    _tell(taken.conversion, dry_run=dry_run)


def _old(database: str) -> V01Database:
    try:
        return read(database)
    except NotV01 as error:
        raise click.ClickException(f"DATABASE: {error}. Nothing was changed.") from None


def _would_take(old: V01Database) -> Imported:
    if not is_there(settings().database_url):
        return would_take(old, None, secrets.token_bytes, datetime.now(UTC))
    database = Database(existing_database().database_url)
    try:
        with outages_named():
            if not is_latest(database):
                raise click.ClickException(
                    "This is not this version's database: `yaguts db upgrade`"
                )
            return would_take(old, database, secrets.token_bytes, datetime.now(UTC))
    finally:
        database.close()


def _take(old: V01Database) -> Imported:
    make_files_privately()
    wanted = own_database()
    site = Site(
        Database(wanted.database_url),
        lambda: datetime.now(UTC),
        secrets.token_bytes,
        Hub(),
        wanted,
    )
    try:
        with outages_named():
            return take(site, old)
    finally:
        site.database.close()


def _tell(conversion: Conversion, *, dry_run: bool) -> None:
    kitchens, notes = conversion.kitchens, conversion.notes
    counts = {
        "people": len(kitchens),
        "recipes": sum(len(kitchen.recipes) for kitchen in kitchens),
        "dispensers": sum(len(kitchen.boards) for kitchen in kitchens),
        "orders": sum(len(kitchen.jobs) for kitchen in kitchens),
    }
    told = ", ".join(f"{name} {count}" for name, count in counts.items())
    click.echo(f"{'Would be taken' if dry_run else 'Taken'}: {told}.")
    _list("Otherwise than it was", notes.changed)
    _list("Not taken", notes.left_out)
    click.echo("Every dispenser has to be paired again. New orders are numbered from")
    click.echo(f"{conversion.highest_job + 1} on.")


def _list(title: str, lines: list[str]) -> None:
    if lines:
        click.echo(f"{title}:")
    for line in lines:
        click.echo(f"  {line}")
