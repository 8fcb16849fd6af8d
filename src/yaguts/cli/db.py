"""`yaguts db`: look after the database."""

import click

from yaguts.cli.environment import settings, upgrade_database
from yaguts.services.ops.restores import say_restored
from yaguts.services.runtime.high_water_mark import mark_beside
from yaguts.storage.db.database import Database


@click.group()
def db() -> None:
    """Look after the database."""


@db.command(name="upgrade")
def upgrade_command() -> None:
    """Create the database, or bring it to what this version needs."""
    upgrade_database(settings())


@db.command(name="restored")
def restored_command() -> None:
    """Say that the database was restored from an older copy: open orders are to be given up.

    A server notices it by itself where it has kept a mark beside the database.
    """
    wanted = settings()
    upgrade_database(wanted)
    file = mark_beside(wanted.database_url)
    if file is None:
        raise click.ClickException("YAGUTS_DATABASE_URL: a database in memory is never restored")
    database = Database(wanted.database_url)
    try:
        say_restored(database, file)
    finally:
        database.close()
    click.echo(f"Noted in {file}: the server that is started in this folder, or runs here already,")
    click.echo("gives up what is open and keeps reports of orders that it does not know.")
