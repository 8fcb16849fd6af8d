"""Accounts can be disabled, deleted and reset; a database of version 0.1 can be imported."""

import re

import sqlalchemy as sa
from alembic import op

from yaguts.storage.db.types import UtcDateTime
from yaguts.storage.migrations.rebuild import rebuild

revision = "0025"
down_revision = "0024"

_NEW_WORDS = (
    "disabled",
    "enabled",
    "exported",
    "forgotten",
    "imported",
    "password_reset",
    "reset_offered",
)
_REASONS = "'correction' THEN reason IN ('relabelled', 'weighed')"
_MORE_REASONS = "'correction' THEN reason IN ('opening', 'relabelled', 'weighed')"
_REASON_OF_KIND = (
    f"CASE kind WHEN {_MORE_REASONS} WHEN 'hold' THEN reason IN ('ordered')"
    " WHEN 'refill' THEN reason IN ('poured in') WHEN 'release' THEN reason IN"
    " ('cancelled', 'expired', 'reported', 'restored', 'unconfirmed') WHEN 'settle' THEN reason IN"
    " ('reported', 'unclaimed') WHEN 'waste' THEN reason IN"
    " ('calibrated', 'cleared', 'thrown away') ELSE FALSE END"
)
_KNOWN = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'trail'",
    "postgresql": "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE conname = 'ck_trail_what_known'",
}


def upgrade() -> None:
    """Everybody's account goes on as it is."""
    op.add_column("people", sa.Column("disabled_at", UtcDateTime))
    op.add_column("people", sa.Column("deleted_at", UtcDateTime))
    op.create_table(
        "password_resets",
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name="pk_password_resets"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_password_resets_person_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_password_resets_person_id", "password_resets", ["person_id"])
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
        sa.CheckConstraint("id = 1", name="ck_imports_one"),
    )
    if op.get_bind().dialect.name == "sqlite":
        _for_sqlite()
    else:
        _for_postgresql()


def _for_sqlite() -> None:
    known = op.get_bind().exec_driver_sql(_KNOWN["sqlite"]).scalar_one()
    before = re.search(r"what IN \([^)]*\)", known)
    assert before is not None
    rebuild("trail", (before[0], _what(before[0])))
    rebuild("movements", (_REASONS, _MORE_REASONS))


def _for_postgresql() -> None:
    known = op.get_bind().exec_driver_sql(_KNOWN["postgresql"]).scalar_one()
    op.drop_constraint("ck_trail_what_known", "trail")
    op.create_check_constraint("ck_trail_what_known", "trail", _what(known))
    op.drop_constraint("ck_movements_reason_of_kind", "movements")
    op.create_check_constraint("ck_movements_reason_of_kind", "movements", _REASON_OF_KIND)


def _what(known: str) -> str:
    """The rule with the words that it knew and the new ones."""
    words = sorted({*re.findall(r"'([a-z_]+)'", known), *_NEW_WORDS})
    return f"what IN ({', '.join(map(repr, words))})"
