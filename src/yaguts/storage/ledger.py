"""The ledger: append movements, and change the two cached totals of a jar by exactly those."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, select, update

from yaguts.domain.clock import Window
from yaguts.domain.ids import PersonId
from yaguts.domain.stock.ledger import (
    HELD,
    IN_THE_JAR,
    BookedMovement,
    Movement,
    MovementKind,
    MovementReason,
)
from yaguts.domain.stock.levels import Usage
from yaguts.domain.units import Milligrams
from yaguts.storage.db.dialects import insert_if_new
from yaguts.storage.db.statements import Statement
from yaguts.storage.tables import jars, movements, people
from yaguts.storage.windows import bounds, inside

_ADD = Statement(insert_if_new(movements, movements.c.jar, movements.c.kind, movements.c.amount_mg))
_MOVE_TOTALS = Statement(
    update(jars)
    .where(jars.c.dispenser_id == bindparam("of"), jars.c.number == bindparam("jar"))
    .values(stock_mg=jars.c.stock_mg + bindparam("into"), held_mg=jars.c.held_mg + bindparam("for"))
)
_STOCK = Statement(
    select(jars.c.stock_known, jars.c.stock_mg)
    .where(jars.c.dispenser_id == bindparam("of"), jars.c.number == bindparam("jar"))
    .with_for_update(key_share=True)  # Movements of the jar may be added meanwhile.
)
_SET_KNOWN = Statement(
    update(jars)
    .where(jars.c.dispenser_id == bindparam("of"), jars.c.number == bindparam("jar"))
    .values(stock_known=bindparam("known"))
)
_LOSE_COUNT = (
    update(jars)
    .where(
        jars.c.dispenser_id == bindparam("of"),
        jars.c.number.in_(bindparam("jars", expanding=True)),
        jars.c.stock_mg > 0,
    )
    .values(stock_known=False)
)
_HISTORY = (
    select(
        movements.c.jar,
        movements.c.kind,
        movements.c.amount_mg,
        movements.c.reason,
        movements.c.job_id,
        movements.c.item_order,
        movements.c.report_id,
    )
    .where(movements.c.dispenser_id == bindparam("of"))
    .order_by(movements.c.id)
)

_BALANCES = (
    select(
        movements.c.id,
        movements.c.job_id,
        movements.c.item_order,
        movements.c.report_id,
        movements.c.jar,
        movements.c.kind,
        movements.c.amount_mg,
        movements.c.reason,
        movements.c.person_id,
        movements.c.at,
        func.sum(movements.c.amount_mg)
        .over(partition_by=movements.c.jar, order_by=movements.c.id)
        .label("balance"),
    )
    .where(movements.c.dispenser_id == bindparam("of"), movements.c.kind.in_(sorted(IN_THE_JAR)))
    .subquery()
)
_EMPTIED = (
    select(_BALANCES.c.jar, func.max(_BALANCES.c.id).label("id"))
    .where(_BALANCES.c.balance <= 0)
    .group_by(_BALANCES.c.jar)
    .subquery()
)
_FELL_LATELY = (_BALANCES.c.kind == MovementKind.SETTLE) & inside(_BALANCES.c.at)
_CORRECTED_LATELY = (
    (_BALANCES.c.reason == MovementReason.WEIGHED)
    & (_BALANCES.c.balance > _BALANCES.c.amount_mg)  # The first one only says what was there.
    & inside(_BALANCES.c.at)
)
_USAGE = (
    select(
        _BALANCES.c.jar,
        func.max(_BALANCES.c.balance),
        func.sum(case((_FELL_LATELY, -_BALANCES.c.amount_mg), else_=0)),
        func.sum(case((_CORRECTED_LATELY, _BALANCES.c.amount_mg), else_=0)),
        func.min(_BALANCES.c.at),
    )
    .outerjoin_from(_BALANCES, _EMPTIED, _BALANCES.c.jar == _EMPTIED.c.jar)
    .where(_BALANCES.c.id > func.coalesce(_EMPTIED.c.id, 0))
    .group_by(_BALANCES.c.jar)
)
_LINES = (
    select(_BALANCES, people.c.name)
    .outerjoin_from(_BALANCES, people, people.c.id == _BALANCES.c.person_id)
    .where(_BALANCES.c.jar == bindparam("jar"), _BALANCES.c.id < bindparam("before"))
    .order_by(_BALANCES.c.id.desc())
    .limit(bindparam("most"))
)


def book(
    connection: Connection,
    dispenser_id: int,
    lines: Iterable[Movement],
    at: datetime,
    person_id: PersonId | None = None,
) -> None:
    """Append the movements. A movement that is already booked changes nothing.

    Only a movement of a job's dose can be a repeat.
    """
    _append(connection, dispenser_id, [_row(dispenser_id, line, at, person_id) for line in lines])


def book_past(
    connection: Connection, dispenser_id: int, dated: Iterable[tuple[datetime, Movement]]
) -> None:
    """Append movements of the past, in this order."""
    _append(connection, dispenser_id, [_row(dispenser_id, line, at, None) for at, line in dated])


def _append(connection: Connection, dispenser_id: int, rows: list[dict[str, object]]) -> None:
    added = _ADD.rows_of_each(connection, rows)
    into: defaultdict[int, int] = defaultdict(int)
    promised: defaultdict[int, int] = defaultdict(int)
    for row in added:
        into[row.jar] += row.amount_mg if row.kind in IN_THE_JAR else 0
        promised[row.jar] += row.amount_mg if row.kind in HELD else 0
    changes = [
        {"of": dispenser_id, "jar": jar, "into": into[jar], "for": promised[jar]}
        for jar in sorted(into)
    ]
    _MOVE_TOTALS.run_each(connection, changes)


def correct(
    connection: Connection,
    dispenser_id: int,
    jar: int,
    stock: Milligrams | None,
    at: datetime,
    person_id: PersonId | None = None,
    reason: MovementReason = MovementReason.WEIGHED,
) -> None:
    """Correct the stock of a jar to what somebody says. The difference is booked.

    None makes the stock unknown: movements are still added, and do not count until a new stock.
    """
    known, total = _STOCK.row(connection, {"of": dispenser_id, "jar": jar})
    if known != (stock is not None):
        _SET_KNOWN.run(connection, {"of": dispenser_id, "jar": jar, "known": stock is not None})
    if stock is not None and stock != total:
        difference = Movement(jar, MovementKind.CORRECTION, Milligrams(stock - total), reason)
        book(connection, dispenser_id, [difference], at, person_id)


def stock(connection: Connection, dispenser_id: int, jar: int) -> Milligrams | None:
    """The stock of a jar, locked until the transaction ends. None: it is unknown."""
    known, total = _STOCK.row(connection, {"of": dispenser_id, "jar": jar})
    return total if known else None


def weigh_fallen(
    connection: Connection, dispenser_id: int, fallen: Movement, at: datetime, *, counted: bool
) -> None:
    """Book what the scale says fell of a run by time. The stock is known again if it was before.

    A stock that is known by now was weighed after the run, and stays as it is.
    """
    which = {"of": dispenser_id, "jar": fallen.jar}
    known, total = _STOCK.row(connection, which)
    book(connection, dispenser_id, [fallen] if fallen.amount else [], at)
    if known or counted:
        left = Milligrams(total if known else max(0, total + fallen.amount))
        correct(connection, dispenser_id, fallen.jar, left, at)


def lose_count(connection: Connection, dispenser_id: int, numbers: Collection[int]) -> None:
    """Make the stock of these jars unknown: an unknown amount fell. An empty jar stays empty."""
    if numbers:
        connection.execute(_LOSE_COUNT, {"of": dispenser_id, "jars": sorted(numbers)})


def history(connection: Connection, dispenser_id: int) -> tuple[Movement, ...]:
    """Every movement of the dispenser's jars, oldest first."""
    found = connection.execute(_HISTORY, {"of": dispenser_id})
    return tuple(_movement(row) for row in found)


def usage(connection: Connection, dispenser_id: int, when: Window) -> dict[int, Usage]:
    """For each jar since it was last empty: the most in it, and what left it in the window.

    What a scale did not find any more has left it too.
    """
    found = connection.execute(_USAGE, {"of": dispenser_id, **bounds(when)})
    return {
        jar: Usage(Milligrams(int(most)), Milligrams(int(fell) + max(0, -int(found_more))), first)
        for jar, most, fell, found_more, first in found
    }


def lines(
    connection: Connection, dispenser_id: int, jar: int, before_id: int, most: int
) -> tuple[BookedMovement, ...]:
    """The latest movements before this one that changed what is in a jar, the newest first."""
    given = {"of": dispenser_id, "jar": jar, "before": before_id, "most": most}
    return tuple(
        BookedMovement(
            row.id,
            _movement(row),
            row.at,
            Milligrams(int(row.balance)),
            row.name,
        )
        for row in connection.execute(_LINES, given)
    )


def _movement(row: Any) -> Movement:
    return Movement(
        jar=row.jar,
        kind=MovementKind(row.kind),
        amount=row.amount_mg,
        reason=MovementReason(row.reason),
        job_id=row.job_id,
        dose_order=row.item_order,
        report_id=row.report_id,
    )


def _row(
    dispenser_id: int, line: Movement, at: datetime, person_id: PersonId | None
) -> dict[str, object]:
    return {
        "dispenser_id": dispenser_id,
        "jar": line.jar,
        "kind": line.kind,
        "amount_mg": line.amount,
        "reason": line.reason,
        "job_id": line.job_id,
        "item_order": line.dose_order,
        "report_id": line.report_id,
        "person_id": person_id,
        "at": at,
    }
