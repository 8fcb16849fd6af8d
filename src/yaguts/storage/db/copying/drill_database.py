"""A database of PostgreSQL's for a while, to restore a backup into."""

from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from yaguts.storage.db.copying.copies import CopyError, first_line
from yaguts.storage.db.database import postgresql_address

_ALONE = text("SELECT pg_try_advisory_lock(hashtextextended('drill', 0))")


@contextmanager
def drill_database(url: str) -> Generator[str]:
    """The address of an empty database beside this one, dropped afterwards.

    What a killed process left goes first. Raises `CopyError`, also where the role may not do that.
    """
    address = make_url(f"postgresql://{url.partition('://')[2]}")
    name = f"{address.database}_drill"
    own = address.set(database=name).render_as_string(hide_password=False)
    engine = create_engine(postgresql_address(url), isolation_level="AUTOCOMMIT")
    try:
        with _made(engine, name) as connection:
            yield own
            _drop(connection, name)
    finally:
        engine.dispose()


@contextmanager
def _made(engine: Engine, name: str) -> Generator[Connection]:
    try:
        connection = engine.connect()
        if not connection.execute(_ALONE).scalar_one():
            raise CopyError("another check of a backup is at work on this database")
        _drop(connection, name)
        connection.exec_driver_sql(f"CREATE DATABASE {_quoted(connection, name)}")
    except SQLAlchemyError as error:
        raise CopyError(
            f"PostgreSQL makes no database to restore into: {first_line(error)}. Its role needs"
            " the right to: ALTER ROLE … CREATEDB"
        ) from error
    with connection:
        yield connection


def _drop(connection: Connection, name: str) -> None:
    connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {_quoted(connection, name)}")


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)
