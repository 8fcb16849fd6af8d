"""`yaguts db backup` and `yaguts db verify`: copies, and whether they are good."""

from datetime import UTC, datetime
from pathlib import Path

import click

from yaguts.cli.db.failures import failures_named, not_in_memory
from yaguts.cli.startup.environment import data_option, existing_database, settings
from yaguts.services.ops.backups.backup import back_up, unchecked
from yaguts.services.ops.backups.drill import balanced, verify
from yaguts.services.ops.backups.kept_backups import due, keep
from yaguts.services.ops.backups.working_folder import AtWork
from yaguts.services.runtime.files.signposts import insist_on_none
from yaguts.settings import Settings

BACKUP = click.Path(exists=True, dir_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(name="backup")
@data_option
@click.argument("file", type=_FILE, required=False)
@click.option(
    "--keep", "kept", is_flag=True, help="Into YAGUTS_BACKUP_FOLDER, in the place of FILE."
)
@click.option("--if-due", is_flag=True, help="With --keep: only after YAGUTS_BACKUP_EVERY_H.")
@click.option("--verify", "drilled", is_flag=True, help="Restore it elsewhere and check the books.")
def backup_command(file: Path | None, kept: bool, if_due: bool, drilled: bool) -> None:
    """Copy the database, the key and the tokens of virtual boards into one file.

    Servers may go on meanwhile. The copy is verified before it takes the place of FILE. With --keep
    it gets a name of its own, and the oldest go: YAGUTS_BACKUPS_KEPT says which.
    """
    if (file is None) is not kept or if_due > kept:
        raise click.UsageError("Say FILE, or --keep for the backup folder.")
    not_in_memory(settings())
    wanted = existing_database()
    with failures_named():
        insist_on_none(wanted)
        made = _kept(wanted, if_due, drilled) if file is None else _made(wanted, file, drilled)
        if made is None:
            return
        size = f"{made.stat().st_size / 1e6:.1f} MB"
    click.echo(f"{made}: {size}, verified{', the books balance' if drilled else ''}. It holds")
    click.echo("secrets: keep it where nobody else reads it.")


@click.command(name="verify")
@data_option
@click.argument("file", type=BACKUP)
def verify_command(file: Path) -> None:
    """Restore a backup into a temporary place, and check there that the books balance.

    Nothing else changes, and servers may go on. A backup of PostgreSQL's is restored into a
    database of its own on the same server.
    """
    wanted = settings()
    with failures_named():
        backup = verify(file, wanted)
    click.echo(f"{file}, of {backup.made_at:%Y-%m-%d %H:%M:%S} UTC: it can be restored, and the")
    click.echo("books balance.")


def _made(wanted: Settings, file: Path, drilled: bool) -> Path:
    if not file.absolute().parent.is_dir():
        raise click.ClickException(f"There is no folder {file.absolute().parent}.")
    back_up(wanted, file, datetime.now(UTC), balanced(wanted) if drilled else unchecked)
    return file


def _kept(wanted: Settings, if_due: bool, drilled: bool) -> Path | None:
    """With `if_due` another process may be making it."""
    now = datetime.now(UTC)
    if if_due and not due(wanted, now):
        return None
    try:
        return keep(wanted, now, balanced(wanted) if drilled else unchecked)
    except AtWork:
        if if_due:
            return None
        raise
