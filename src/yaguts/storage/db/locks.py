"""Where one statement is not enough, and no row is there to lock: one transaction after the other.

SQLite's write transactions exclude each other anyhow.
"""

from sqlalchemy import Connection, bindparam, func, select

_LOCK = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("what"), 0)))


def alone(connection: Connection, what: str, *, patient: bool = False) -> None:
    """Nobody else is past the same call until this transaction ends.

    Waits as long as for any lock; if `patient`, as long as it takes.
    """
    if connection.dialect.name == "postgresql":
        if patient:
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        connection.execute(_LOCK, {"what": what})
