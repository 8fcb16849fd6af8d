"""The settings of a command: the YAGUTS_* environment, or an error that says what to do."""

import logging
import os

import click

from yaguts.domain.errors import Unavailable
from yaguts.settings import BadSetting, Settings
from yaguts.storage.db.migrate import upgrade


def settings() -> Settings:
    """The settings. A bad one ends the command with a sentence."""
    try:
        return Settings.from_environment(os.environ)
    except BadSetting as error:
        raise click.ClickException(str(error)) from None


def upgrade_database(wanted: Settings) -> None:
    """Bring the database to what this version needs, or say in one line why that can't be done."""
    logging.disable()  # the line below is for the person who typed the command
    try:
        upgrade(wanted.database_url)
    except Unavailable as error:
        cause = str(error.__cause__).partition("\n")[0]
        raise click.ClickException(f"YAGUTS_DATABASE_URL: no database there ({cause})") from None
    finally:
        logging.disable(logging.NOTSET)
