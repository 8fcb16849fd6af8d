"""The time that the server has lived through; the audit log is kept by it.

So far the audit log was kept by its latest entry, and a clock that is ahead writes one.
"""

import sqlalchemy as sa
from alembic import op

from yaguts.storage.db.types import UtcDateTime

revision = "0016"
down_revision = "0015"

_OLD_ENOUGH = {
    "sqlite": "old.at < (SELECT datetime(until, '-400 days') FROM lived_through)",
    "postgresql": "old.at < (SELECT until - interval '400 days' FROM lived_through)",
}


def upgrade() -> None:
    """The time begins with the latest entry of the audit log, or else with the first server."""
    op.create_table(
        "lived_through",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("until", UtcDateTime, nullable=False),
        sa.CheckConstraint("id = 1", name="ck_lived_through_one"),
        sa.PrimaryKeyConstraint("id", name="pk_lived_through"),
    )
    op.execute("INSERT INTO lived_through SELECT 1, at FROM trail ORDER BY at DESC LIMIT 1")
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def _guard_sqlite() -> None:
    op.execute("DROP TRIGGER trail_is_kept")
    op.execute(
        "CREATE TRIGGER trail_is_kept BEFORE DELETE ON trail"
        f" WHEN NOT coalesce({_OLD_ENOUGH['sqlite']}, 0)"
        " BEGIN SELECT RAISE(ABORT, 'the trail is only added to'); END"
    )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION guard_trail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF TG_OP = 'DELETE' AND coalesce({_OLD_ENOUGH['postgresql']}, FALSE)"
        " THEN RETURN old; END IF;"
        " RAISE EXCEPTION 'the trail is only added to'"
        " USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
