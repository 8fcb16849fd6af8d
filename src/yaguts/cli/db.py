"""`yaguts db`: look after the database."""

import click

from yaguts.cli.environment import settings, upgrade_database


@click.group()
def db() -> None:
    """Look after the database."""


@db.command(name="upgrade")
def upgrade_command() -> None:
    """Create the database, or bring it to what this version needs."""
    upgrade_database(settings())
