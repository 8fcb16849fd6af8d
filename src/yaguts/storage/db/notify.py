"""Short messages from one server process to the others, through PostgreSQL's LISTEN and NOTIFY."""

from collections.abc import Callable
from threading import Event
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from yaguts.storage.db.database import Database, cause_of

LISTEN_AGAIN_S = 1.0
"""The pause after a lost connection, before the next attempt."""
_STOP_WITHIN_S = 0.25
_CHANNEL = "yaguts"
_NOTIFY = select(func.pg_notify(_CHANNEL, bindparam("text")))


def send(database: Database, text: str) -> None:
    """Send a message to every process that listens, including this one. At most 7,999 bytes."""
    with database.write() as connection:
        # A lost message delays, and loses nothing: every process also looks into the database.
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
        connection.execute(_NOTIFY, {"text": text})


def listen(database: Database, heard: Callable[[str | None], None], stop: Event) -> None:
    """Pass every message to `heard` until `stop` is set. For a thread of its own.

    `heard(None)` says that no message is missed from now on: at first, and after each reconnect.
    """
    lost = (database.engine.dialect.loaded_dbapi.OperationalError, OperationalError, PoolTimeout)
    while not stop.is_set():
        try:
            _listen_once(database, heard, stop)
        except lost as error:
            database.outages.refused(cause_of(error), wrote=False)
            stop.wait(LISTEN_AGAIN_S)


def _listen_once(database: Database, heard: Callable[[str | None], None], stop: Event) -> None:
    pooled = database.engine.raw_connection()
    connection: Any = pooled.driver_connection
    pooled.detach()
    try:
        connection.autocommit = True
        connection.execute(f"LISTEN {_CHANNEL}")
        heard(None)
        while not stop.is_set():
            for notice in connection.notifies(timeout=_STOP_WITHIN_S):
                heard(notice.payload)
    finally:
        connection.close()
