"""The group of the commands that look after the database."""

import signal
from types import FrameType

import click

from yaguts.cli.db.backup import backup_command, verify_command
from yaguts.cli.db.copy import copy_command
from yaguts.cli.db.restore import restore_command, restored_command
from yaguts.cli.startup.environment import data_option, make_files_privately, own_database
from yaguts.services.runtime.files.data_folder import whereabouts


@click.group()
def db() -> None:
    """Look after the database."""
    make_files_privately()
    signal.signal(signal.SIGTERM, _end)


def _end(number: int, _frame: FrameType | None) -> None:
    """End as Ctrl-C does, so that nothing half done and no program of PostgreSQL's is left."""
    raise SystemExit(128 + number)


@db.command(name="upgrade")
@data_option
def upgrade_command() -> None:
    """Create the database, or bring it to what this version needs."""
    click.echo(whereabouts(own_database()))


db.add_command(backup_command)
db.add_command(verify_command)
db.add_command(restore_command)
db.add_command(restored_command)
db.add_command(copy_command)
