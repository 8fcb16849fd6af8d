"""The settings of a command: the YAGUTS_* environment, or an error that says what to do."""

import logging
import os
from collections.abc import Generator
from contextlib import contextmanager

import click

from yaguts.domain.errors import Damaged, Unavailable
from yaguts.settings import BadSetting, Settings
from yaguts.storage.db.copies import is_there
from yaguts.storage.db.migrate import upgrade
from yaguts.storage.db.ours import NotOurs, insist_on_ours

_REMEDY = "put a backup in its place with `yaguts db restore FILE`."


def settings() -> Settings:
    """The settings. A bad one ends the command with a sentence."""
    try:
        return Settings.from_environment(os.environ)
    except BadSetting as error:
        raise click.ClickException(str(error)) from None


def existing_database() -> str:
    """The address of a database that is there and is ours. Nothing is made or changed."""
    url = settings().database_url
    if not is_there(url):
        raise click.ClickException(f"There is no database at {url}: `yaguts db upgrade` makes one.")
    with outages_named():
        insist_on_ours(url)
    return url


def upgrade_database(wanted: Settings) -> None:
    """Bring the database to what this version needs, or say in one line why that can't be done."""
    with outages_named():
        upgrade(wanted.database_url)


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
