"""The schema. It repeats the domain's rules, so that no code can store what they forbid.

Amounts are milligrams, durations milliseconds, times UTC. Tokens and codes are stored as hashes.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from yaguts.domain.dispenser_settings import SETTINGS
from yaguts.domain.jobs.job import (
    FINAL,
    IN_HAND,
    LONGEST_ERROR,
    UNDER_WAY,
    DoseStatus,
    Failure,
    JobKind,
    JobState,
)
from yaguts.domain.jobs.report import Contradiction
from yaguts.domain.stock.ledger import REASONS, WASTED_BY_JOBS, MovementKind
from yaguts.domain.stock.orphan_report import Decision
from yaguts.storage import account_tables, alert_tables, audit_tables, page_tables, release_tables
from yaguts.storage.db.constraints import of_a_person, one_of, part_of_a_dispenser, words
from yaguts.storage.db.metadata import metadata
from yaguts.storage.db.types import UtcDateTime

board_told, update_choices = release_tables.board_told, release_tables.update_choices
releases, release_files = release_tables.releases, release_tables.release_files
alert_targets, alert_outbox = alert_tables.alert_targets, alert_tables.alert_outbox
alert_choices, alert_hours = alert_tables.alert_choices, alert_tables.alert_hours
alert_states, alert_browsers = alert_tables.alert_states, alert_tables.alert_browsers
audit_log, personal, seals = audit_tables.audit_log, audit_tables.personal, audit_tables.seals
sessions, imports = account_tables.sessions, account_tables.imports
password_resets, updates = account_tables.password_resets, release_tables.updates
booked_forms, former_spices = page_tables.booked_forms, page_tables.former_spices
weighed_spoons = page_tables.weighed_spoons


def _reasons() -> str:
    """Each kind of movement has its reasons."""
    cases = " ".join(
        f"WHEN '{kind}' THEN reason IN ({words(REASONS[kind])})" for kind in sorted(REASONS)
    )
    return f"CASE kind {cases} ELSE FALSE END"


people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(60), nullable=False),
    Column("name_key", String(180), nullable=False, unique=True),  # Casefolding can triple it.
    Column("look_key", String(180), index=True, unique=True),  # None: an earlier one looks so.
    Column("password_hash", String(200), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime),
    # The row of a deleted account is a number: others refer to it.
    Column("deleted_at", UtcDateTime),
)

# A person cooks in one kitchen: another's, if there is a row here, or else their own.
memberships = Table(
    "memberships",
    metadata,
    Column("id", Integer, primary_key=True),
    of_a_person("person_id", once=True),
    of_a_person("owner_id"),
    Column("since", UtcDateTime, nullable=False),
    Column("made_here", Boolean, nullable=False),  # The account, with this kitchen's invitation.
    Column("reset_at", UtcDateTime),  # When the owner last made a link for a new password.
    CheckConstraint("person_id <> owner_id", name="of_another"),
)

invitations = Table(
    "invitations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code_hash", String(64), nullable=False, unique=True),
    of_a_person("owner_id"),
    Column("expires_at", UtcDateTime, nullable=False),
)

recipes = Table(
    "recipes",
    metadata,
    Column("id", Integer, primary_key=True),
    of_a_person("owner_id"),
    Column("name", String(120), nullable=False),
    Column("portions", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("hand_lines", String),  # What the cook adds by hand, a line each. None: nothing.
    CheckConstraint("portions BETWEEN 1 AND 20", name="portions"),
)

ingredients = Table(
    "ingredients",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "recipe_id",
        Integer,
        ForeignKey("recipes.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("position", Integer, nullable=False),
    Column("spice", String(60), nullable=False),
    Column("quantity_mg", Integer, nullable=False),
    Column("written", String(60)),  # The volume that the cook wrote. None: grams.
    CheckConstraint("quantity_mg BETWEEN 1 AND 500000", name="quantity"),
    UniqueConstraint("recipe_id", "position"),
)

# A dispenser exists from its owner's first day; `uid` and `token_hash` come with the board.
dispensers = Table(
    "dispensers",
    metadata,
    Column("id", Integer, primary_key=True),
    of_a_person("owner_id"),
    Column("is_default", Boolean, nullable=False),
    Column("uid", String(64)),
    Column("token_hash", String(64), unique=True),
    Column("next_token_hash", String(64)),  # An offered token: its first use revokes the other one.
    # When this board was paired beside another one, until somebody says whether it replaces it.
    Column("newcomer_since", UtcDateTime),
    Column("default_seen_at", UtcDateTime),  # The default dispenser's `last_seen_at` then.
    Column("token_since", UtcDateTime),  # None: a new token is wanted now.
    Column("firmware", String(40)),
    Column("mac", String(40)),
    Column("last_seen_at", UtcDateTime),
    Column("heard_since", UtcDateTime),  # Since when the board has not been away.
    Column("status", JSON),
    Column("happenings", JSON),  # [[life, number, code, first, second, at], …], oldest first.
    Column("motor_intensity", Integer, nullable=False),
    Column("motor_pre_start_ms", Integer, nullable=False),
    Column("motor_post_stop_ms", Integer, nullable=False),
    Column("motor_max_runtime_s", Integer, nullable=False),
    Column("name", String(60)),
    *(Column(name, Boolean, nullable=False) for name in SETTINGS),
    CheckConstraint("motor_intensity BETWEEN 0 AND 100", name="motor_intensity"),
    CheckConstraint("motor_pre_start_ms BETWEEN 0 AND 5000", name="motor_pre_start"),
    CheckConstraint("motor_post_stop_ms BETWEEN 0 AND 5000", name="motor_post_stop"),
    CheckConstraint("motor_max_runtime_s BETWEEN 30 AND 600", name="motor_max_runtime"),
    # Unique within a kitchen only: knowing another kitchen's uid must not give its dispenser.
    UniqueConstraint("owner_id", "uid"),
)
Index("ix_dispensers_next_token_hash", dispensers.c.next_token_hash, unique=True)
Index(
    "ix_dispensers_one_default",
    dispensers.c.owner_id,
    unique=True,
    sqlite_where=text("is_default"),
    postgresql_where=text("is_default"),
)

# A board that was exchanged for another one, and the last job that it may have started here.
former_places = Table(
    "former_places",
    metadata,
    part_of_a_dispenser("dispenser_id"),
    Column("uid", String(64), primary_key=True),
    Column("last_job_id", Integer, nullable=False),
)

# Two cached sums of the ledger: `stock_mg` (what is in the jar; meaningless while not
# `stock_known`) and `held_mg` (what is held for jobs). The movements decide.
jars = Table(
    "jars",
    metadata,
    part_of_a_dispenser("dispenser_id"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("label", String(60)),
    Column("rate_ug_s", Integer),
    Column("stock_known", Boolean, nullable=False),
    Column("stock_mg", BigInteger, nullable=False),
    Column("held_mg", BigInteger, nullable=False),
    Column("updated_at", UtcDateTime),
    Column("capacity_mg", Integer),  # What fits in. None: nobody has said.
    CheckConstraint("number BETWEEN 1 AND 16", name="number"),
    CheckConstraint("capacity_mg > 0", name="capacity"),
    CheckConstraint("rate_ug_s > 0", name="rate"),
    CheckConstraint("held_mg >= 0", name="held"),
)

claim_codes = Table(
    "claim_codes",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    of_a_person("person_id"),
    Column("selector", String(8), unique=True),  # a long code's first characters; not secret
    Column("expires_at", UtcDateTime, nullable=False),
    Column("wrong_guesses", Integer, nullable=False),
    Column("used_by", String(64)),  # A board's uid, until the board shows that it has its token.
    Column("home", String(64)),  # Where the owner of a code was: see services.dispensers.homes.
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(32), nullable=False, unique=True),
    Column("owner_id", Integer, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column(
        "dispenser_id", Integer, ForeignKey("dispensers.id", ondelete="CASCADE"), nullable=False
    ),
    Column("recipe_id", Integer, ForeignKey("recipes.id", ondelete="SET NULL"), index=True),
    Column("people", Integer, nullable=False),
    Column("multiplier", Integer, nullable=False),
    Column("motor_intensity", Integer, nullable=False),
    Column("motor_pre_start_ms", Integer, nullable=False),
    Column("motor_post_stop_ms", Integer, nullable=False),
    Column("motor_max_runtime_s", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("reported", Boolean, nullable=False),
    Column("review", Boolean, nullable=False),
    Column("failure", String(16)),
    Column("error", String(LONGEST_ERROR)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("started_at", UtcDateTime),
    Column("heard_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("retry_of", Integer),  # No foreign key: SQLite cannot add one to an existing table.
    Column("kind", String(16), nullable=False, server_default=JobKind.RECIPE),
    Column("asks", Boolean, nullable=False),
    Column("question", Integer),
    Column("answered", Integer),
    Column("acceptance", Integer),
    Column("recipe_name", String(120)),  # When it was ordered. None: another kind, or not known.
    CheckConstraint("question IS NULL OR asks", name="asks_if_told"),
    one_of("kind", JobKind),
    one_of("state", JobState),
    one_of("failure", Failure),
    CheckConstraint("kind = 'recipe' OR recipe_id IS NULL", name="recipe_of_kind"),
    CheckConstraint("people BETWEEN 1 AND 100", name="people"),
    CheckConstraint("multiplier BETWEEN 1 AND 100", name="multiplier"),
    CheckConstraint("version >= 1", name="version"),
    CheckConstraint(
        f"(state IN ({words(FINAL)})) = (finished_at IS NOT NULL)", name="finished_when_final"
    ),
    CheckConstraint(f"NOT reported OR state IN ({words(FINAL)})", name="reported_is_final"),
    CheckConstraint(
        f"state NOT IN ({words(UNDER_WAY)}) OR (started_at IS NOT NULL AND heard_at IS NOT NULL)",
        name="under_way_since",
    ),
    CheckConstraint(
        f"state NOT IN ({words(IN_HAND)}) OR expires_at IS NOT NULL", name="in_hand_is_called"
    ),
    Index("ix_jobs_dispenser_id_state", "dispenser_id", "state"),
    Index("ix_jobs_owner_id_state", "owner_id", "state"),
    Index("ix_jobs_state", "state"),
    # What a job left undone is ordered again once.
    Index("ix_jobs_retry_of", "retry_of", unique=True),
)
# Of all waiting jobs of a dispenser, one is offered or running.
_IN_HAND = text(f"state IN ({words(IN_HAND)})")
Index(
    "ix_jobs_one_in_hand",
    jobs.c.dispenser_id,
    unique=True,
    sqlite_where=_IN_HAND,
    postgresql_where=_IN_HAND,
)

job_items = Table(
    "job_items",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job_id", Integer, ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    Column("item_order", Integer, nullable=False),
    Column("jar", Integer, nullable=False),
    Column("spice", String(60), nullable=False),
    Column("quantity_mg", Integer, nullable=False),
    Column("duration_ms", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("fell_mg", Integer),
    Column("fell_at_least_mg", Integer),
    Column("resumes", Integer, nullable=False),
    Column("error", String(LONGEST_ERROR)),
    Column("failure", String(16)),
    one_of("status", DoseStatus),
    one_of("failure", Failure),
    CheckConstraint("item_order BETWEEN 1 AND 255", name="item_order"),
    CheckConstraint("jar BETWEEN 1 AND 16", name="jar"),
    CheckConstraint("quantity_mg >= 0", name="quantity"),  # 0: it runs by time.
    CheckConstraint("duration_ms BETWEEN 1 AND 180000", name="duration"),
    CheckConstraint("fell_mg >= 0 AND (fell_mg <= quantity_mg OR quantity_mg = 0)", name="fell"),
    CheckConstraint("fell_at_least_mg BETWEEN 0 AND fell_mg", name="fell_at_least"),
    CheckConstraint("(fell_mg IS NULL) = (fell_at_least_mg IS NULL)", name="interval"),
    CheckConstraint("status <> 'done' OR fell_mg IS NOT NULL OR quantity_mg = 0", name="done_fell"),
    CheckConstraint("resumes >= 0", name="resumes"),
    UniqueConstraint("job_id", "item_order"),
)

# What the cook adds to a job's dish by hand, because no jar serves it.
by_hand = Table(
    "by_hand",
    metadata,
    Column("job_id", Integer, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("spice", String(60), nullable=False),
    Column("quantity_mg", Integer, nullable=False),
    CheckConstraint("quantity_mg > 0", name="quantity"),
)

# A job onto a kitchen scale, and the weight somebody typed. `counted`: the stock was known before.
calibration_runs = Table(
    "calibration_runs",
    metadata,
    Column(
        "job_id",
        Integer,
        ForeignKey("jobs.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("dispenser_id", Integer, nullable=False),
    Column("jar", Integer, nullable=False),
    Column("counted", Boolean, nullable=False),
    Column("weight_mg", Integer),
    Column("over", Boolean, nullable=False),
    CheckConstraint("weight_mg BETWEEN 0 AND 9000000", name="weight"),
    ForeignKeyConstraint(
        ["dispenser_id", "jar"], ["jars.dispenser_id", "jars.number"], ondelete="CASCADE"
    ),
    Index("ix_calibration_runs_dispenser_id_jar", "dispenser_id", "jar"),
)

# Append-only: rows are never changed or removed, nor is the jar or the job behind a row.
movements = Table(
    "movements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dispenser_id", Integer, nullable=False),
    Column("jar", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("amount_mg", BigInteger, nullable=False),
    Column("reason", String(16), nullable=False),
    Column("job_id", Integer, ForeignKey("jobs.id")),
    Column("item_order", Integer),
    Column("person_id", Integer, ForeignKey("people.id")),
    Column("at", UtcDateTime, nullable=False),
    Column("report_id", Integer, ForeignKey("unclaimed_reports.id")),
    one_of("kind", MovementKind),
    CheckConstraint(
        "CASE kind WHEN 'refill' THEN amount_mg > 0 WHEN 'hold' THEN amount_mg > 0"
        " WHEN 'release' THEN amount_mg < 0 WHEN 'settle' THEN amount_mg < 0"
        " WHEN 'waste' THEN amount_mg < 0 ELSE TRUE END",
        name="sign",
    ),
    CheckConstraint(_reasons(), name="reason_of_kind"),
    # UNIQUE takes NULLs for different: this rule stops a repeated settlement with NULLs.
    CheckConstraint(
        f"CASE WHEN kind IN ('hold', 'release') OR reason IN ({words(WASTED_BY_JOBS)})"
        " THEN job_id IS NOT NULL AND item_order IS NOT NULL AND report_id IS NULL"
        " WHEN kind = 'settle'"
        " THEN (job_id IS NULL) <> (report_id IS NULL) AND item_order IS NOT NULL"
        " ELSE job_id IS NULL AND item_order IS NULL AND report_id IS NULL END",
        name="job_of_item",
    ),
    ForeignKeyConstraint(["dispenser_id", "jar"], ["jars.dispenser_id", "jars.number"]),
    UniqueConstraint("job_id", "item_order", "kind"),
    UniqueConstraint("report_id", "item_order"),
    Index("ix_movements_dispenser_id_jar", "dispenser_id", "jar"),
)

# Orphan reports: their job is unknown to a restored database or belongs to another kitchen by now,
# or they contradict it. `report` holds numbers and known words only.
unclaimed_reports = Table(
    "unclaimed_reports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "dispenser_id", Integer, ForeignKey("dispensers.id", ondelete="CASCADE"), nullable=False
    ),
    Column("job_id", Integer, nullable=False),
    Column("job_key", String(64)),
    Column("report", JSON, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("outcome", String(16)),
    Column("settled_at", UtcDateTime),
    Column("settled_by", Integer, ForeignKey("people.id")),
    Column("body_hash", String(64)),  # None in reports from before this column.
    Column("contradiction", String(16)),
    Column("dropped", Integer, nullable=False, server_default="0"),
    one_of("outcome", Decision),
    one_of("contradiction", Contradiction),
    CheckConstraint("job_key IS NOT NULL OR body_hash IS NOT NULL", name="told_apart"),
    CheckConstraint("dropped >= 0", name="dropped"),
    CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name="settled"),
    UniqueConstraint("dispenser_id", "job_key"),
)
# Without a key, the same bytes about the same job are one report.
Index(
    "ix_unclaimed_reports_without_key",
    unclaimed_reports.c.dispenser_id,
    unclaimed_reports.c.job_id,
    unclaimed_reports.c.body_hash,
    unique=True,
    sqlite_where=text("job_key IS NULL"),
    postgresql_where=text("job_key IS NULL"),
)

unclaimed_doses = Table(
    "unclaimed_doses",
    metadata,
    Column(
        "report_id",
        Integer,
        ForeignKey("unclaimed_reports.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("item_order", Integer, primary_key=True, autoincrement=False),
    Column("jar", Integer, nullable=False),
    Column("spice", String(200), nullable=False),
    Column("done", Boolean, nullable=False),
    Column("fell_mg", Integer, nullable=False),
    Column("fell_at_least_mg", Integer, nullable=False),
    Column("resumes", Integer, nullable=False),
    Column("error", String(LONGEST_ERROR)),
    CheckConstraint("fell_mg >= 0", name="fell"),
    CheckConstraint("fell_at_least_mg BETWEEN 0 AND fell_mg", name="fell_at_least"),
)

# Each restore from an older copy begins one.
epochs = Table(
    "epochs",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", String(32), nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
)

# The time by which old rows may be removed: one row, or none in a new database.
lived_through = Table(
    "lived_through",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("until", UtcDateTime, nullable=False),
    CheckConstraint("id = 1", name="one"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("what", String(16), nullable=False),
    Column("who", String(128), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_attempts_what_who_at", "what", "who", "at"),
)
