"""A recipe keeps what its cook adds by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Of earlier recipes nothing was kept."""
    op.add_column("recipes", sa.Column("hand_lines", sa.String))
