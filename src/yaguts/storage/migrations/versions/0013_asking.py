"""A dispenser may ask before it resumes a job that an outage interrupted."""

import sqlalchemy as sa
from alembic import op

from yaguts.storage.migrations.rebuild import rebuild

revision = "0013"
down_revision = "0012"

_ASKS_IF_TOLD = "question IS NULL OR asks"
_NEXT_RULE = "CONSTRAINT ck_jobs_under_way_since"


def upgrade() -> None:
    """The owner's word on it, and of each job the question and the answer."""
    for table in ("dispensers", "jobs"):
        asks = sa.Column("asks", sa.Boolean, nullable=False, server_default=sa.false())
        op.add_column(table, asks)
    op.add_column("jobs", sa.Column("question", sa.Integer))
    op.add_column("jobs", sa.Column("answered", sa.Integer))
    if op.get_bind().dialect.name == "sqlite":
        rule = f"CONSTRAINT ck_jobs_asks_if_told CHECK ({_ASKS_IF_TOLD}), {_NEXT_RULE}"
        rebuild("jobs", (_NEXT_RULE, rule))
    else:
        op.create_check_constraint("ck_jobs_asks_if_told", "jobs", _ASKS_IF_TOLD)
