"""The tables of alerts: see `tables`."""

from sqlalchemy import JSON, Boolean, CheckConstraint, Column, Index, Integer, String, Table, Text

from yaguts.domain.alerts.kinds import AlertEvent
from yaguts.storage.db.constraints import of_a_person, of_a_person_alone, of_a_target, one_of
from yaguts.storage.db.metadata import metadata
from yaguts.storage.db.types import UtcDateTime

# Where a person's alerts go. `sealed` is the address and the key of its signatures, encrypted.
alert_targets = Table(
    "alert_targets",
    metadata,
    Column("id", Integer, primary_key=True),
    of_a_person("person_id"),
    Column("sealed", Text, nullable=False),
    Column("shown", String(120), nullable=False),
    Column("language", String(8), nullable=False),
    Column("signed", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("leased_until", UtcDateTime),
    Column("retry_at", UtcDateTime),
    Column("failures", Integer, nullable=False),
    Column("fault", String(16)),
    Column("detail", String(200), nullable=False),
    Column("failed_at", UtcDateTime),
    Column("sent_at", UtcDateTime),
    CheckConstraint("failures >= 0", name="failures"),
)

# The browsers among the targets. The session is the one in which it was allowed.
alert_browsers = Table(
    "alert_browsers",
    metadata,
    of_a_target(key=True),
    Column("endpoint_hash", String(64), nullable=False, unique=True),
    Column("session_hash", String(64), nullable=False, index=True),
)

# What a person chose. The kinds have no rule here, so that a new one needs no migration.
alert_choices = Table(
    "alert_choices",
    metadata,
    of_a_person_alone("person_id"),
    Column("kind", String(32), primary_key=True),
    Column("wanted", Boolean, nullable=False),
)

alert_hours = Table(
    "alert_hours",
    metadata,
    of_a_person_alone("person_id"),
    Column("quiet_from_min", Integer),
    Column("quiet_until_min", Integer),
    Column("zone", String(64), nullable=False),
    Column("silent_min", Integer, nullable=False),
    CheckConstraint("quiet_from_min BETWEEN 0 AND 1439", name="quiet_from"),
    CheckConstraint("quiet_until_min BETWEEN 0 AND 1439", name="quiet_until"),
    CheckConstraint("(quiet_from_min IS NULL) = (quiet_until_min IS NULL)", name="quiet"),
    CheckConstraint("silent_min BETWEEN 5 AND 1440", name="silent"),
)

# The troubles that a target was told of, until they are well again.
alert_states = Table(
    "alert_states",
    metadata,
    of_a_target(key=True),
    Column("kind", String(32), primary_key=True),
    Column("subject", String(64), primary_key=True),
    Column("kitchen_id", Integer, nullable=False),
    Column("grade", Integer, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Index("ix_alert_states_kind_subject", "kind", "subject"),
)

# The messages that are not delivered yet. A row is removed when its target has taken it.
alert_outbox = Table(
    "alert_outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uid", String(32), nullable=False, unique=True),
    of_a_target(key=False),
    Column("kind", String(32), nullable=False),
    Column("event", String(16), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("facts", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("retry_at", UtcDateTime),
    one_of("event", AlertEvent),
    CheckConstraint("attempts >= 0", name="attempts"),
)
