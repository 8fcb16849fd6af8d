"""The seals of the audit log, and the texts in it that tell of a person."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, func, insert, select

from yaguts.domain.ids import PersonId
from yaguts.domain.seals import Seal, StoredEntry, Tail
from yaguts.storage.db.statements import Statement
from yaguts.storage.tables import audit_log, personal, seals
from yaguts.storage.windows import before

LATE = 1000
"""Of two entries, the one with the lower number may be committed later, but not by this many."""

_AT_ONCE = 500
_TAIL = Statement(select(seals.c.number, seals.c.seal).order_by(seals.c.number.desc()).limit(1))
_FIRST = Statement(select(func.min(seals.c.number)))
_SEAL = Statement(select(seals.c.seal).where(seals.c.number == bindparam("number")))
_ADD, _KEEP = Statement(insert(seals)), Statement(insert(personal))
_COLUMNS = tuple(field.name for field in fields(Seal))
_NEWEST = select(func.coalesce(func.max(seals.c.entry_id), 0)).scalar_subquery()
_NO_SEAL = ~select(seals.c.entry_id).where(seals.c.entry_id == audit_log.c.id).exists()
_ENTRY: list[Any] = [
    audit_log.c.at.label("made_at"),
    *(column for column in audit_log.c if column.name != "at"),
]
_WAITING = Statement(
    select(*_ENTRY)
    .where(audit_log.c.id > _NEWEST - LATE, _NO_SEAL)
    .order_by(audit_log.c.id)
    .limit(bindparam("most"))
)
_LEFT_OUT = (
    select(audit_log.c.id)
    .where(audit_log.c.id <= _NEWEST - LATE, _NO_SEAL)
    .order_by(audit_log.c.id)
)
_CHAIN: Select[Any] = (
    select(seals, *_ENTRY)
    .outerjoin_from(seals, audit_log, audit_log.c.id == seals.c.entry_id)
    .order_by(seals.c.number)
    .execution_options(yield_per=_AT_ONCE)
)
_TEXTS = (
    select(personal, audit_log.c.personal.label("commitments"))
    .join_from(personal, audit_log, audit_log.c.id == personal.c.entry_id)
    .order_by(personal.c.entry_id, personal.c.field)
    .execution_options(yield_per=_AT_ONCE)
)


@dataclass(frozen=True, slots=True)
class PersonalText:
    """A text of an entry that tells of a person. `person_id`: of whom, if it is known."""

    entry_id: int
    field: str
    person_id: PersonId | None
    salt: str
    text: str


_OF_TEXT = tuple(field.name for field in fields(PersonalText))


def keep(connection: Connection, texts: Iterable[PersonalText]) -> None:
    """Keep the texts of an entry."""
    _KEEP.run_each(connection, [{name: getattr(text, name) for name in _OF_TEXT} for text in texts])


def texts_of(connection: Connection, entry_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """The texts of these entries, by entry and field, as far as they are still there."""
    found: dict[int, dict[str, str]] = {}
    of = select(personal.c.entry_id, personal.c.field, personal.c.text)
    for row in connection.execute(of.where(personal.c.entry_id.in_(tuple(entry_ids)))):
        found.setdefault(row.entry_id, {})[row.field] = row.text
    return found


def forget(connection: Connection, person_id: PersonId) -> None:
    """Remove every text that tells of the person, with its salt."""
    connection.execute(delete(personal).where(personal.c.person_id == person_id))


def tail(connection: Connection) -> Tail:
    """The last seal."""
    row = _TAIL.row(connection)
    return Tail() if row is None else Tail(row.number, row.seal)


def knows(connection: Connection, kept: Tail) -> bool:
    """Whether the chain holds this seal, or has passed it long ago."""
    if not kept.number:
        return True
    first = _FIRST.value(connection)
    if first is not None and kept.number < first:
        return True
    return _SEAL.value(connection, {"number": kept.number}) == kept.seal


def waiting(connection: Connection, most: int) -> tuple[StoredEntry, ...]:
    """The first entries that are not sealed yet."""
    return tuple(_entry(row) for row in _WAITING.rows(connection, {"most": most}))


def left_out(connection: Connection) -> Iterator[int]:
    """The entries that nobody sealed although many later ones are."""
    yield from connection.execute(_LEFT_OUT).scalars()


def add(connection: Connection, new: Iterable[Seal]) -> None:
    """Add seals behind the last one."""
    _ADD.run_each(connection, [{name: getattr(seal, name) for name in _COLUMNS} for seal in new])


def chain(connection: Connection) -> Iterator[tuple[Seal, StoredEntry | None]]:
    """Every seal in order, with its entry if that is still there."""
    for row in connection.execute(_CHAIN):
        seal = Seal(row.number, row.entry_id, row.at, row.entry_hash, row.previous, row.seal)
        yield seal, None if row.id is None else _entry(row)


def texts(connection: Connection) -> Iterator[tuple[PersonalText, Mapping[str, str]]]:
    """Every text, with the commitments of its entry."""
    for row in connection.execute(_TEXTS):
        text = PersonalText(row.entry_id, row.field, row.person_id, row.salt, row.text)
        yield text, row.commitments or {}


def pass_before(connection: Connection, moment: datetime) -> None:
    """Remove the seals of entries from before a moment, but for the last of them: the anchor.

    A seal stays as long as one before it must.
    """
    kept = select(func.min(seals.c.number)).where(~before(seals.c.at, moment)).scalar_subquery()
    last = select(func.max(seals.c.number)).scalar_subquery()
    connection.execute(delete(seals).where(seals.c.number < func.coalesce(kept - 1, last)))


def _entry(row: Any) -> StoredEntry:
    return StoredEntry(
        row.id, row.what, row.made_at, row.kitchen_id, row.person_id, row.about, row.personal
    )
