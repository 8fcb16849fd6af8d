"""`yaguts db copy`: from SQLite to PostgreSQL, and back."""

import os
import sys

import click

from yaguts.cli.db.failures import failures_named, not_in_memory
from yaguts.cli.startup.environment import data_option, existing_database
from yaguts.services.ops.backups.moving import move
from yaguts.services.runtime.files.data_folder import with_data_folder
from yaguts.services.runtime.files.signposts import place
from yaguts.settings import BadSetting, Settings

_URL = "YAGUTS_DATABASE_URL"


@click.command(name="copy")
@data_option
@click.option("--to", "url", required=True, metavar="URL", help="An empty database; - reads it.")
def copy_command(url: str) -> None:
    """Move the kitchen into another database, which must be empty. No server may run.

    Everything arrives, or nothing. The rows of this one stay as they are, and servers are kept from
    it.
    """
    wanted = existing_database()
    not_in_memory(wanted)
    with failures_named():
        target = _target(sys.stdin.readline().strip() if url == "-" else url)
        not_in_memory(target)
        said = move(wanted, target)
    rows = sum(total.rows for total in said.values())
    click.echo(f"{rows} rows of {len(said)} tables are in {place(target)}: as many, and the same.")
    click.echo(f"Name it in {_URL} and start the server. {place(wanted)} is kept as it was, and no")
    click.echo("server starts on it.")


def _target(url: str) -> Settings:
    environment = {**os.environ, _URL: url}
    try:
        if not url:
            raise BadSetting(f"{_URL}: sqlite:/// and a path, or postgresql://…")
        return with_data_folder(Settings.from_environment(environment), environment)
    except BadSetting as error:
        raise BadSetting(str(error).replace(_URL, "--to")) from None
