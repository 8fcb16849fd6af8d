"""An ingredient keeps the volume that the cook wrote beside its grams."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """What is there was written in grams."""
    op.add_column("ingredients", sa.Column("written", sa.String(60)))
