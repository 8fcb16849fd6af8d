"""Bring a database's schema up to date."""

from alembic import command
from alembic.config import Config

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
    with database.write() as connection:
        alone(connection, "migrate", patient=True)
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", _SCRIPTS)
        command.upgrade(config, LATEST)
