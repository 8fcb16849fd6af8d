"""Bring a database's schema up to date."""

from alembic import command
from alembic.config import Config

from yaguts.storage.database import Database

LATEST = "head"
_LOCK = 0x79616775  # any number that nobody else in the database uses
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
        if connection.dialect.name == "postgresql":  # SQLite's write() keeps others out already
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", _SCRIPTS)
        command.upgrade(config, LATEST)
