"""A job keeps the number with which its dispenser accepted it."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"


def upgrade() -> None:
    """None for the jobs so far: their firmware sent none."""
    op.add_column("jobs", sa.Column("acceptance", sa.Integer))
