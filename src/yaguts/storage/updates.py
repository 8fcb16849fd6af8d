"""Boards and releases: what a board told of itself, what its owner wants, how far an update is."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, bindparam, delete, insert, select, update

from yaguts.domain.firmware.release import (
    BoardTold,
    Channel,
    Update,
    UpdateChoice,
    UpdateReason,
    UpdateState,
)
from yaguts.storage.db.dialects import insert_if_new
from yaguts.storage.db.statements import Statement
from yaguts.storage.release_tables import board_told, update_choices, updates
from yaguts.storage.tables import dispensers

_FACTS = ("release", "slot", "hardware", "bytecode", "micropython", "key_ids")
_TOLD = Statement(select(board_told).where(board_told.c.dispenser_id == bindparam("of")))
_CHOICE = Statement(select(update_choices).where(update_choices.c.dispenser_id == bindparam("of")))
_OF_DISPENSER = Statement(select(updates).where(updates.c.dispenser_id == bindparam("of")))
_OF_RELEASE = select(updates).where(updates.c.release == bindparam("of"))
_BOARDS = (
    select(
        dispensers.c.id,
        dispensers.c.owner_id,
        dispensers.c.last_seen_at,
        dispensers.c.heard_since,
        *(board_told.c[name] for name in _FACTS),
        update_choices.c.channel,
        update_choices.c.pinned,
    )
    .join(board_told, board_told.c.dispenser_id == dispensers.c.id)
    .outerjoin(update_choices, update_choices.c.dispenser_id == dispensers.c.id)
    .where(dispensers.c.token_hash.is_not(None), board_told.c.hardware == bindparam("hardware"))
    .order_by(dispensers.c.id)
)
_ADD = {
    table: insert_if_new(table, *table.primary_key)
    for table in (board_told, update_choices, updates)
}


@dataclass(frozen=True, slots=True)
class PairedBoard:
    """A paired board that has told what it is, and what its owner wants."""

    dispenser_id: int
    kitchen_id: int
    seen_at: datetime | None
    heard_since: datetime | None
    told: BoardTold
    choice: UpdateChoice


def told_of(connection: Connection, dispenser_id: int) -> BoardTold:
    """What the dispenser's board last told of itself."""
    row = _TOLD.row(connection, {"of": dispenser_id})
    return BoardTold() if row is None else _told(row)


def tell(connection: Connection, dispenser_id: int, told: BoardTold) -> None:
    """Store what the board tells of itself."""
    facts = {**asdict(told), "key_ids": None if told.key_ids is None else list(told.key_ids)}
    _put(connection, board_told, {"dispenser_id": dispenser_id}, facts)


def choice_of(connection: Connection, dispenser_id: int) -> UpdateChoice:
    """What the dispenser's owner wants."""
    row = _CHOICE.row(connection, {"of": dispenser_id})
    return _choice(row)


def choose(connection: Connection, dispenser_id: int, choice: UpdateChoice) -> None:
    """Store what the owner wants."""
    _put(connection, update_choices, {"dispenser_id": dispenser_id}, asdict(choice))


def of_dispenser(connection: Connection, dispenser_id: int) -> dict[int, Update]:
    """The releases that were ever chosen for the dispenser's board, by their numbers."""
    found = map(_update, _OF_DISPENSER.rows(connection, {"of": dispenser_id}))
    return {one.release: one for one in found}


def of_release(connection: Connection, number: int) -> tuple[Update, ...]:
    """The boards that a release was chosen for."""
    return tuple(map(_update, connection.execute(_OF_RELEASE, {"of": number})))


def put(connection: Connection, one: Update) -> None:
    """Store how far an update is."""
    row = asdict(one)
    key = {name: row.pop(name) for name in ("dispenser_id", "release")}
    _put(connection, updates, key, row)


def boards(connection: Connection, hardware: str) -> tuple[PairedBoard, ...]:
    """The paired boards with this hardware."""
    return tuple(
        PairedBoard(
            row.id, row.owner_id, row.last_seen_at, row.heard_since, _told(row), _choice(row)
        )
        for row in connection.execute(_BOARDS, {"hardware": hardware})
    )


def forget_board(connection: Connection, dispenser_id: int) -> None:
    """Another board is in this place now: nothing that the one before told is about it."""
    for table in (board_told, updates):
        connection.execute(delete(table).where(table.c.dispenser_id == dispenser_id))


def exchange_boards(connection: Connection, one: int, other: int) -> None:
    """What is about two boards goes with them to the other's dispenser. The choices stay."""
    for table in (board_told, updates):
        both = table.c.dispenser_id.in_((one, other))
        rows = [dict(row) for row in connection.execute(select(table).where(both)).mappings()]
        connection.execute(delete(table).where(both))
        for row in rows:
            place = other if row["dispenser_id"] == one else one
            moved: dict[str, Any] = {**row, "dispenser_id": place}
            connection.execute(insert(table).values(moved))


def _put(
    connection: Connection, table: Table, key: Mapping[str, int], values: Mapping[str, object]
) -> None:
    """Two calls at once must not add a row twice."""
    connection.execute(_ADD[table][connection.dialect.name], {**key, **values})
    same = [table.c[name] == value for name, value in key.items()]
    connection.execute(update(table).where(*same).values(values))


def _told(row: Row[Any]) -> BoardTold:
    facts: dict[str, Any] = {name: getattr(row, name) for name in _FACTS}
    facts["key_ids"] = None if row.key_ids is None else tuple(row.key_ids)
    return BoardTold(**facts)


def _choice(row: Row[Any] | None) -> UpdateChoice:
    if row is None or row.channel is None:
        return UpdateChoice()
    return UpdateChoice(Channel(row.channel), row.pinned)


def _update(row: Row[Any]) -> Update:
    return Update(
        row.dispenser_id,
        row.release,
        UpdateState(row.state),
        None if row.reason is None else UpdateReason(row.reason),
        row.chosen_at,
        row.changed_at,
        row.runs_since,
    )
