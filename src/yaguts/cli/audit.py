"""`yaguts audit`: the ledger check, and whether the audit log is whole."""

import click

from yaguts.cli.startup.environment import data_option, existing_database, outages_named
from yaguts.services.ops.ledger_check import check_ledger
from yaguts.services.ops.seal_check import check_seals
from yaguts.services.runtime.files.mark_file import mark_of
from yaguts.storage.db.database import Database
from yaguts.storage.db.migrate import is_latest


@click.command(name="audit")
@data_option
def audit_command() -> None:
    """Check that the books balance and that the audit log is whole.

    Names whatever is wrong, and then ends with status 1. Changes nothing; the server may go on
    meanwhile.
    """
    wanted = existing_database()
    database = Database(wanted.database_url)
    try:
        with outages_named():
            if not is_latest(database):
                raise click.ClickException(
                    "This is not this version's database: `yaguts db upgrade`"
                )
            findings = check_ledger(database) + check_seals(database, mark_of(wanted))
    finally:
        database.close()
    for finding in findings:
        click.echo(f"{finding.rule}: {finding.text}")
    if findings:
        raise SystemExit(1)
    click.echo("The books balance. The audit log is whole.")
