"""Alerts go to browsers, too."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """No browser takes alerts yet."""
    op.create_table(
        "alert_browsers",
        sa.Column("target_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("endpoint_hash", sa.String(64), nullable=False),
        sa.Column("session_hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("target_id", name="pk_alert_browsers"),
        sa.UniqueConstraint("endpoint_hash", name="uq_alert_browsers_endpoint_hash"),
        sa.ForeignKeyConstraint(
            ["target_id"],
            ["alert_targets.id"],
            name="fk_alert_browsers_target_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_alert_browsers_session_hash", "alert_browsers", ["session_hash"])
