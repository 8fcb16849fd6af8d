"""Locks for what one statement cannot do, and for which there is no row to lock.

SQLite's write transactions exclude each other anyway.
"""

from sqlalchemy import Connection, bindparam, func, select

_LOCK = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("what"), 0)))


def lock(connection: Connection, what: str, *, patient: bool = False) -> None:
    """Wait until nobody else holds this lock; the transaction's end releases it.

    Waits as long as for any lock; with `patient` as long as it takes.
    """
    if connection.dialect.name == "postgresql":
        if patient:
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        connection.execute(_LOCK, {"what": what})
