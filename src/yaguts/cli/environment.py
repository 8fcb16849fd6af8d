"""The settings of a command: the YAGUTS_* environment, or an error a person can act on."""

import os

import click

from yaguts.settings import BadSetting, Settings


def settings() -> Settings:
    """What the environment asks for."""
    try:
        return Settings.from_environment(os.environ)
    except BadSetting as error:
        raise click.ClickException(str(error)) from None
