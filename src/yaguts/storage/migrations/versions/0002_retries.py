"""A job may make up for what another one left undone: once."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """One column, and the rule that it names each job once."""
    op.add_column("jobs", sa.Column("retry_of", sa.Integer))
    op.create_index("ix_jobs_retry_of", "jobs", ["retry_of"], unique=True)
