"""People are told of trouble: where, of what, when, and what is not delivered yet."""

import sqlalchemy as sa
from alembic import op

from yaguts.storage.db.types import UtcDateTime

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Nobody has a target yet."""
    op.create_table(
        "alert_targets",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("shown", sa.String(120), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("signed", sa.Boolean, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("leased_until", UtcDateTime),
        sa.Column("retry_at", UtcDateTime),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("fault", sa.String(16)),
        sa.Column("detail", sa.String(200), nullable=False),
        sa.Column("failed_at", UtcDateTime),
        sa.Column("sent_at", UtcDateTime),
        sa.CheckConstraint("failures >= 0", name="ck_alert_targets_failures"),
        sa.PrimaryKeyConstraint("id", name="pk_alert_targets"),
        _of("person_id", "people", "alert_targets"),
    )
    op.create_index("ix_alert_targets_person_id", "alert_targets", ["person_id"])
    op.create_table(
        "alert_choices",
        sa.Column("person_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("wanted", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "kind", name="pk_alert_choices"),
        _of("person_id", "people", "alert_choices"),
    )
    op.create_table(
        "alert_hours",
        sa.Column("person_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("quiet_from_min", sa.Integer),
        sa.Column("quiet_until_min", sa.Integer),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("silent_min", sa.Integer, nullable=False),
        sa.CheckConstraint("quiet_from_min BETWEEN 0 AND 1439", name="ck_alert_hours_quiet_from"),
        sa.CheckConstraint("quiet_until_min BETWEEN 0 AND 1439", name="ck_alert_hours_quiet_until"),
        sa.CheckConstraint(
            "(quiet_from_min IS NULL) = (quiet_until_min IS NULL)", name="ck_alert_hours_quiet"
        ),
        sa.CheckConstraint("silent_min BETWEEN 5 AND 1440", name="ck_alert_hours_silent"),
        sa.PrimaryKeyConstraint("person_id", name="pk_alert_hours"),
        _of("person_id", "people", "alert_hours"),
    )
    op.create_table(
        "alert_states",
        sa.Column("target_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("kitchen_id", sa.Integer, nullable=False),
        sa.Column("grade", sa.Integer, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("target_id", "kind", "subject", name="pk_alert_states"),
        _of("target_id", "alert_targets", "alert_states"),
    )
    op.create_index("ix_alert_states_kind_subject", "alert_states", ["kind", "subject"])
    op.create_table(
        "alert_outbox",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("uid", sa.String(32), nullable=False),
        sa.Column("target_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("event", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("retry_at", UtcDateTime),
        sa.CheckConstraint(
            "event IN ('test', 'trouble', 'well')", name="ck_alert_outbox_event_known"
        ),
        sa.CheckConstraint("attempts >= 0", name="ck_alert_outbox_attempts"),
        sa.PrimaryKeyConstraint("id", name="pk_alert_outbox"),
        sa.UniqueConstraint("uid", name="uq_alert_outbox_uid"),
        _of("target_id", "alert_targets", "alert_outbox"),
    )
    op.create_index("ix_alert_outbox_target_id", "alert_outbox", ["target_id"])


def _of(column: str, table: str, mine: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{mine}_{column}"
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, ondelete="CASCADE")
