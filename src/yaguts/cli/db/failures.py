"""What goes wrong with a backup, a restore or a move, in one line."""

from collections.abc import Generator
from contextlib import contextmanager

import click

from yaguts.cli.startup.environment import outages_named
from yaguts.services.runtime.files.mark_file import mark_of
from yaguts.settings import BadSetting, Settings
from yaguts.storage.db.copying.copies import CopyError
from yaguts.storage.db.in_use import InUse
from yaguts.storage.db.ours import NotOurs


@contextmanager
def failures_named() -> Generator[None]:
    """What goes wrong is one line, and nothing has changed before it.

    An `OSError` becomes one in `cli.main`.
    """
    try:
        with outages_named():
            yield
    except InUse:
        raise click.ClickException("A server is running on this database: stop it first.") from None
    except (CopyError, BadSetting, NotOurs) as error:
        raise click.ClickException(str(error)) from None


def not_in_memory(wanted: Settings) -> None:
    """Refuse a database in memory."""
    if mark_of(wanted).file is None:
        raise click.ClickException("YAGUTS_DATABASE_URL: a database in memory is never restored")
