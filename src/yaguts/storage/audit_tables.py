"""The tables of the audit log: its entries, what they say of people, and their seals."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table

from yaguts.domain.audit_log import AuditEvent
from yaguts.storage.db.constraints import one_of
from yaguts.storage.db.metadata import metadata
from yaguts.storage.db.types import UtcDateTime

# Append-only: a trigger refuses to change a row, or to remove one that is not yet old.
audit_log = Table(
    "trail",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("what", String(32), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("kitchen_id", Integer, ForeignKey("people.id")),
    Column("person_id", Integer, ForeignKey("people.id")),
    Column("about", JSON, nullable=False),
    Column("personal", JSON),  # Commitments: see `domain.seals`.
    one_of("what", AuditEvent),
    Index("ix_trail_kitchen_id_id", "kitchen_id", "id"),
    Index("ix_trail_at", "at"),
)

# What entries of the audit log say of people. A row may be removed, and is never changed.
personal = Table(
    "trail_personal",
    metadata,
    Column(
        "entry_id",
        Integer,
        ForeignKey("trail.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("field", String(16), primary_key=True),
    Column("person_id", Integer, ForeignKey("people.id", ondelete="CASCADE"), index=True),
    Column("salt", String(32), nullable=False),
    Column("text", String(64), nullable=False),
)

# The chain of the audit log, see `domain.seals`. Append-only; old ones go with their entries.
seals = Table(
    "trail_seals",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("entry_id", Integer, nullable=False, unique=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("entry_hash", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("seal", String(64), nullable=False),
)
