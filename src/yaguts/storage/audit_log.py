"""The audit log. The database refuses to change an entry, or to remove a recent one."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, or_, select

from yaguts.domain.audit_log import (
    ADDRESS,
    NAME,
    OF_ALL_KITCHENS,
    AuditEntry,
    AuditEvent,
    ReadAuditEntry,
)
from yaguts.domain.ids import KitchenId, PersonId
from yaguts.domain.seals import commitment
from yaguts.storage import seals
from yaguts.storage.db.statements import Statement
from yaguts.storage.seals import PersonalText
from yaguts.storage.tables import audit_log, people, personal
from yaguts.storage.windows import before

_ADD = Statement(insert(audit_log).returning(audit_log.c.id))


def add(connection: Connection, entry: AuditEntry, salts: Iterator[str]) -> None:
    """Add an entry. A salt is taken for each text that tells of a person."""
    texts = [(field, *said, next(salts)) for field, said in entry.texts.items()]
    commitments = {field: commitment(salt, text) for field, _, text, salt in texts}
    row = {
        "what": entry.what,
        "at": entry.at,
        "kitchen_id": entry.kitchen_id,
        "person_id": entry.person_id,
        "about": dict(entry.about),
        "personal": commitments,
    }
    entry_id = _ADD.value(connection, row)
    seals.keep(
        connection,
        (PersonalText(entry_id, field, of, salt, text) for field, of, text, salt in texts),
    )


def of_kitchen(
    connection: Connection, kitchen_id: KitchenId, before_id: int, most: int
) -> tuple[ReadAuditEntry, ...]:
    """The latest entries of a kitchen before the entry with this id, newest first."""
    concern_it = or_(audit_log.c.kitchen_id == kitchen_id, audit_log.c.what.in_(OF_ALL_KITCHENS))
    found = (
        select(audit_log, people.c.name)
        .outerjoin_from(audit_log, people, audit_log.c.person_id == people.c.id)
        .where(concern_it, audit_log.c.id < before_id)
        .order_by(audit_log.c.id.desc())
        .limit(most)
    )
    rows = connection.execute(found).all()
    texts = seals.texts_of(connection, (row.id for row in rows))
    return tuple(_read(row, texts.get(row.id, {})) for row in rows)


def is_about(person_id: PersonId) -> ColumnElement[bool]:
    """Whether an entry says something of a person: what they did, or their name."""
    of_nobody_else = (audit_log.c.kitchen_id == person_id) & audit_log.c.person_id.is_(None)
    named = select(personal.c.entry_id).where(personal.c.person_id == person_id)
    return or_(audit_log.c.person_id == person_id, of_nobody_else, audit_log.c.id.in_(named))


def remove_before(connection: Connection, moment: datetime) -> None:
    """Remove the entries from before a moment."""
    if connection.execute(delete(audit_log).where(before(audit_log.c.at, moment))).rowcount:
        seals.pass_before(connection, moment)


def _read(row: Row[Any], texts: Mapping[str, str]) -> ReadAuditEntry:
    named = (None, texts[NAME]) if NAME in texts else None
    entry = AuditEntry(
        AuditEvent(row.what),
        row.at,
        row.kitchen_id,
        row.person_id,
        texts.get(ADDRESS),
        row.about,
        named,
    )
    return ReadAuditEntry(row.id, entry, row.name)
