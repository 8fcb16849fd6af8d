"""Several jobs may wait for one dispenser; each one's time to live begins when it is first."""

import sqlalchemy as sa
from alembic import op

from yaguts.storage.migrations.rebuild import rebuild

revision = "0007"
down_revision = "0006"

_CALLED = "state NOT IN ('offered', 'running') OR expires_at IS NOT NULL"
_NEXT_RULE = "CONSTRAINT ck_jobs_under_way_since"
_IN_HAND = sa.text("state IN ('offered', 'running')")


def upgrade() -> None:
    """A looser rule for each dispenser's jobs, and its owner's word on whether orders wait."""
    op.add_column(
        "dispensers", sa.Column("queues", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.drop_index("ix_jobs_one_active", "jobs")
    if op.get_bind().dialect.name == "sqlite":
        rebuild(
            "jobs",
            ("expires_at DATETIME NOT NULL", "expires_at DATETIME"),
            (_NEXT_RULE, f"CONSTRAINT ck_jobs_in_hand_is_called CHECK ({_CALLED}), {_NEXT_RULE}"),
        )
    else:
        op.alter_column("jobs", "expires_at", nullable=True)
        op.create_check_constraint("ck_jobs_in_hand_is_called", "jobs", _CALLED)
    op.create_index(
        "ix_jobs_one_in_hand",
        "jobs",
        ["dispenser_id"],
        unique=True,
        sqlite_where=_IN_HAND,
        postgresql_where=_IN_HAND,
    )
