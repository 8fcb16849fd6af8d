"""A dispenser keeps what happened to it."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Nothing has been told so far."""
    op.add_column("dispensers", sa.Column("happenings", sa.JSON))
