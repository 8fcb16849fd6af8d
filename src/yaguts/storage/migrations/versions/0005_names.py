"""A dispenser may have a name."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """One column."""
    op.add_column("dispensers", sa.Column("name", sa.String(60)))
