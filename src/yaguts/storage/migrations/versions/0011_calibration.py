"""Calibration runs outlive a closed phone and a restarted server."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """A table beside the jobs."""
    op.create_table(
        "calibration_runs",
        sa.Column("job_id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("dispenser_id", sa.Integer, nullable=False),
        sa.Column("jar", sa.Integer, nullable=False),
        sa.Column("counted", sa.Boolean, nullable=False),
        sa.Column("weight_mg", sa.Integer),
        sa.Column("over", sa.Boolean, nullable=False),
        sa.CheckConstraint("weight_mg BETWEEN 0 AND 9000000", name="ck_calibration_runs_weight"),
        sa.ForeignKeyConstraint(
            ["dispenser_id", "jar"],
            ["jars.dispenser_id", "jars.number"],
            name="fk_calibration_runs_dispenser_id_jar",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["jobs.id"], name="fk_calibration_runs_job_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_id", name="pk_calibration_runs"),
    )
    op.create_index(
        "ix_calibration_runs_dispenser_id_jar", "calibration_runs", ["dispenser_id", "jar"]
    )
