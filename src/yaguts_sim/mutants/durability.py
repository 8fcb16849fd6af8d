"""Bugs planted in how the server keeps what it has answered."""

# pyright: basic, reportPrivateUsage=false

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from yaguts.services.delivery import reports
from yaguts.storage import ledger
from yaguts.storage.db import database
from yaguts.storage.db.copying import copies
from yaguts_sim.faults.kinds import FaultKind
from yaguts_sim.mutants.mutant import Mutant, Replaced


def _two_transactions() -> list[Replaced]:
    complete = reports.complete

    def split(site: Any, caller: Any, job_id: int, received: Any) -> Any:
        lines: list[Any] = []
        book = ledger.book

        def later(connection: Any, *arguments: Any) -> None:
            lines.append(arguments)

        ledger.book = later
        try:
            job = complete(site, caller, job_id, received)
        finally:
            ledger.book = book
        for arguments in lines:
            with site.database.write() as connection:
                book(connection, *arguments)
        return job

    return [(reports, "complete", split)]


def _answered_before_it_is_booked() -> list[Replaced]:
    complete = reports.complete

    def rolled_back(site: Any, caller: Any, job_id: int, received: Any) -> Any:
        original = site.database.write

        class Hasty:
            def __getattr__(self, name: str) -> Any:
                return getattr(site.database, name)

            def write(self, **_is_shared: Any) -> Any:
                return _without_commit(original)

        return complete(replace(site, database=Hasty()), caller, job_id, received)

    return [(reports, "complete", rolled_back)]


def _without_commit(write: Any) -> Any:
    class Undo(Exception):
        pass

    @contextmanager
    def undone() -> Any:
        try:
            with write() as connection:
                yield connection
                raise Undo
        except Undo:
            pass

    return undone()


def _synchronous_normal() -> list[Replaced]:
    pragmas = tuple(pragma.replace("FULL", "NORMAL") for pragma in database._PRAGMAS)
    return [(database, "_PRAGMAS", pragmas)]


def _nothing_done(file: Path) -> None:
    """The log stays."""


def _log_left_over() -> list[Replaced]:
    return [(copies, "end_log", _nothing_done)]


DURABILITY_MUTANTS = {
    "two transactions": Mutant(
        "job and stock are booked one after the other",
        ("I5", "I8"),
        800,
        _two_transactions,
        {FaultKind.SERVER_KILLED: 0.95},
    ),
    "synchronous=NORMAL": Mutant(
        "a commit does not wait for the disk",
        ("I6",),
        200,
        _synchronous_normal,
        {FaultKind.SERVER_POWER: 0.95},
    ),
    "log left over": Mutant(
        "a restore leaves the write-ahead log of the database that it replaces",
        ("I6",),
        200,
        _log_left_over,
        {FaultKind.RESTORED_BY_COMMAND: 0.95},
    ),
    "answered before it is booked": Mutant(
        "200 does not mean durable", ("I6", "I5", "I8"), 20, _answered_before_it_is_booked
    ),
}
