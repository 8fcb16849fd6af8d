"""The settings of a command: the YAGUTS_* environment, or an error that says what to do."""

import logging
import os
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from yaguts.domain.errors import Damaged, Unavailable
from yaguts.services.ops.backups.copy_before import copy_before_upgrade
from yaguts.services.runtime.files.data_folder import prepare_folder, with_data_folder
from yaguts.services.runtime.files.server_files import close_to_others
from yaguts.settings import BadSetting, Settings
from yaguts.storage.db.copying.copies import CopyError, ToolMissing, is_there, sqlite_file
from yaguts.storage.db.migrate import upgrade
from yaguts.storage.db.ours import NotOurs, insist_on_ours

_REMEDY = "put a backup in its place with `yaguts db restore FILE`."
_DATA = "YAGUTS_DATA"
_COPIES = "YAGUTS_UPGRADE_COPIES"


def _told(_context: click.Context, _option: click.Parameter, folder: str | None) -> None:
    if folder:
        os.environ[_DATA] = folder  # Server processes of their own read it there.


data_option = click.option(
    "--data",
    metavar="DIR",
    callback=_told,
    expose_value=False,
    help=f"The data folder, in the place of {_DATA}.",
)


def settings() -> Settings:
    """The settings. A bad one ends the command with a sentence."""
    with bad_settings_named():
        return with_data_folder(Settings.from_environment(os.environ), os.environ)


def existing_database() -> Settings:
    """Settings whose database is there and is ours. Nothing is made or changed."""
    wanted = settings()
    url = wanted.database_url
    _insist_on_rights(url)
    if not is_there(url):
        raise click.ClickException(f"There is no database at {url}: `yaguts db upgrade` makes one.")
    with outages_named():
        insist_on_ours(url)
    return wanted


def own_database() -> Settings:
    """Settings whose database is there, made if need be, and of this version.

    Its files are readable by their owner alone.
    """
    make_files_privately()
    wanted = settings()
    _insist_on_rights(wanted.database_url)
    with bad_settings_named(), outages_named():
        insist_on_ours(wanted.database_url)
        prepare_folder(wanted)
    upgrade_database(wanted)
    close_to_others(wanted)
    return wanted


def _insist_on_rights(url: str) -> None:
    """Say whose a SQLite database is that this account may not use: SQLite itself only says that it
    cannot open it.
    """
    file = sqlite_file(url)
    if file is None or not file.parent.is_dir():
        return
    for path, rights in ((file.parent, os.X_OK), (file, os.R_OK | os.W_OK)):
        if path.exists() and not os.access(path, rights):
            raise click.ClickException(
                f"{path}: this is the account {_owner(path)}'s, and may not be used by others. Say"
                f" `sudo -u {_owner(path)}` before the command."
            )


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except KeyError:  # It has no name.
        return f"#{path.stat().st_uid}"


def make_files_privately() -> None:
    """Let nobody but their owner read the files that this process and its children make."""
    os.umask(0o077)


def upgrade_database(wanted: Settings) -> None:
    """Bring the database to what this version needs, or say in one line why that can't be done.

    A copy of an older one is made first: `YAGUTS_UPGRADE_COPIES`.
    """
    with outages_named():
        _copy_first(wanted)
        upgrade(wanted.database_url)


def say_copied(file: Path | None) -> None:
    """Say where the copy is, if one was made."""
    if file is not None:
        click.echo(f"A copy of the database as it was: {file}", err=True)


def _copy_first(wanted: Settings) -> None:
    try:
        say_copied(copy_before_upgrade(wanted, datetime.now(UTC)))
    except ToolMissing as error:
        click.echo(f"Note: no copy was made before the upgrade: {error}.", err=True)
    except (CopyError, OSError) as error:
        raise click.ClickException(
            f"No copy of the database could be made before its upgrade, so nothing was changed:"
            f" {error}. To do without one set {_COPIES}=0."
        ) from None


@contextmanager
def bad_settings_named() -> Generator[None]:
    """Say in one line which setting is wrong."""
    try:
        yield
    except BadSetting as error:
        raise click.ClickException(str(error)) from None


@contextmanager
def outages_named() -> Generator[None]:
    """Say in one line why the database cannot be used."""
    logging.disable()  # the line below is for the person who typed the command
    try:
        yield
    except NotOurs as error:
        raise click.ClickException(f"YAGUTS_DATABASE_URL: {error}.") from None
    except Unavailable as error:
        cause = str(error.__cause__).partition("\n")[0]
        if isinstance(error, Damaged):
            raise click.ClickException(f"The database is damaged ({cause}): {_REMEDY}") from None
        raise click.ClickException(f"YAGUTS_DATABASE_URL: no database there ({cause})") from None
    finally:
        logging.disable(logging.NOTSET)
