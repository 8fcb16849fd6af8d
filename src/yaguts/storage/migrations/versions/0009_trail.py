"""A trail of who did what, that the database itself keeps from being changed."""

import sqlalchemy as sa
from alembic import op

from yaguts.storage.db.types import UtcDateTime

revision = "0009"
down_revision = "0008"

_TOO_EARLY = {
    "sqlite": "old.at > datetime((SELECT max(at) FROM trail), '-400 days')",
    "postgresql": "old.at > (SELECT max(at) FROM trail) - interval '400 days'",
}
"""Old enough is measured by the trail itself: the database's own clock is nobody's business."""


def upgrade() -> None:
    """The table, and the triggers that guard it."""
    op.create_table(
        "trail",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("kitchen_id", sa.Integer),
        sa.Column("person_id", sa.Integer),
        sa.Column("address", sa.String(64)),
        sa.Column("about", sa.JSON, nullable=False),
        sa.CheckConstraint(
            (
                "what IN ('cancelled', 'claim_refused', 'claimed', 'configured', 'corrected', "
                "'invitation_withdrawn', 'invited', 'joined', 'left', 'member_removed', "
                "'password_change_refused', 'password_changed', 'registered', 'sessions_ended', "
                "'sign_in_refused', 'signed_in', 'token_renewed', 'token_wanted', 'unlinked')"
            ),
            name="ck_trail_what_known",
        ),
        sa.ForeignKeyConstraint(["kitchen_id"], ["people.id"], name="fk_trail_kitchen_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_trail_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_trail"),
    )
    op.create_index("ix_trail_kitchen_id_id", "trail", ["kitchen_id", "id"])
    op.create_index("ix_trail_at", "trail", ["at"])
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def _guard_sqlite() -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'the trail is only added to'); END"
    op.execute(f"CREATE TRIGGER trail_stays BEFORE UPDATE ON trail {refuse}")
    op.execute(
        f"CREATE TRIGGER trail_is_kept BEFORE DELETE ON trail WHEN {_TOO_EARLY['sqlite']} {refuse}"
    )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION guard_trail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF TG_OP = 'DELETE' AND NOT ({_TOO_EARLY['postgresql']}) THEN RETURN old; END IF;"
        " RAISE EXCEPTION 'the trail is only added to'"
        " USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER trail_stays BEFORE UPDATE OR DELETE ON trail"
        " FOR EACH ROW EXECUTE FUNCTION guard_trail()"
    )
