"""Bring a database's schema up to date."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from yaguts.storage.database import Database
from yaguts.storage.locks import alone

LATEST = "head"
_SCRIPTS = "yaguts.storage:migrations"


def upgrade(url: str) -> None:
    """Bring the database at `url` up to date; it is made if it does not exist."""
    database = Database(url)
    try:
        upgrade_database(database)
    finally:
        database.close()


def upgrade_database(database: Database) -> None:
    """The same for one that is open: all steps or none, and one process at a time."""
    with database.restructure() as connection:
        alone(connection, "migrate", patient=True)
        command.upgrade(_config(connection), LATEST)


def is_latest(database: Database) -> bool:
    """Whether the schema is what this version needs."""
    with database.read() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        return current == ScriptDirectory.from_config(_config(connection)).get_current_head()


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", _SCRIPTS)
    return config
