"""An order may leave to the cook's hand what no jar serves."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """A table beside the jobs."""
    op.create_table(
        "by_hand",
        sa.Column("job_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("spice", sa.String(60), nullable=False),
        sa.Column("quantity_mg", sa.Integer, nullable=False),
        sa.CheckConstraint("quantity_mg > 0", name="ck_by_hand_quantity"),
        sa.ForeignKeyConstraint(
            ["job_id"], ["jobs.id"], name="fk_by_hand_job_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_id", "position", name="pk_by_hand"),
    )
