"""Bring a database's schema up to date.

Alembic is loaded only for an upgrade: without it a server starts sooner and is 10 MB smaller.
"""

from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from yaguts.storage.db.database import Database
from yaguts.storage.db.locks import lock
from yaguts.storage.db.ours import insist_on_ours, newest_version

if TYPE_CHECKING:
    from alembic.config import Config

LATEST = "head"
_MIGRATIONS = "yaguts.storage:migrations"
_CURRENT = text("SELECT version_num FROM alembic_version")


def upgrade(url: str) -> None:
    """Bring the database at `url` up to date; it is made if it does not exist.

    Raises `NotOurs` before anything is changed.
    """
    insist_on_ours(url)
    database = Database(url)
    try:
        if not is_latest(database):
            upgrade_database(database)
    finally:
        database.close()


def upgrade_database(database: Database) -> None:
    """Upgrade an open database: all steps or none, and one process at a time."""
    from alembic import command  # noqa: PLC0415

    with database.restructure() as connection:
        lock(connection, "migrate", patient=True)
        command.upgrade(_config(connection), LATEST)


def is_latest(database: Database) -> bool:
    """Whether the schema is what this version needs."""
    with database.read() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return connection.execute(_CURRENT).scalar() == newest_version()


def _config(connection: Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", _MIGRATIONS)
    return config
