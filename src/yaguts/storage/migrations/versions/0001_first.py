"""Everything that version 0.2 keeps.

Written once and never changed: what comes later is a revision of its own. So it does not look at
`tables`, which moves on.
"""

import sqlalchemy as sa
from alembic import op

from yaguts.storage.db.types import UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Every table, in the order in which they refer to each other."""
    _attempts()
    _people()
    _claim_codes()
    _dispensers()
    _recipes()
    _sessions()
    _ingredients()
    _jars()
    _jobs()
    _unclaimed_reports()
    _job_items()
    _movements()


def _attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("who", sa.String(128), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attempts"),
    )
    op.create_index("ix_attempts_what_who_at", "attempts", ["what", "who", "at"])


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("name_key", sa.String(180), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("name_key", name="uq_people_name_key"),
    )


def _claim_codes() -> None:
    op.create_table(
        "claim_codes",
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("selector", sa.String(8)),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("wrong_guesses", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_claim_codes_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code_hash", name="pk_claim_codes"),
        sa.UniqueConstraint("selector", name="uq_claim_codes_selector"),
    )
    op.create_index("ix_claim_codes_person_id", "claim_codes", ["person_id"])


def _dispensers() -> None:
    op.create_table(
        "dispensers",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("is_default", sa.Boolean, nullable=False),
        sa.Column("uid", sa.String(64)),
        sa.Column("token_hash", sa.String(64)),
        sa.Column("firmware", sa.String(40)),
        sa.Column("mac", sa.String(40)),
        sa.Column("last_seen_at", UtcDateTime),
        sa.Column("status", sa.JSON),
        sa.Column("motor_intensity", sa.Integer, nullable=False),
        sa.Column("motor_pre_start_ms", sa.Integer, nullable=False),
        sa.Column("motor_post_stop_ms", sa.Integer, nullable=False),
        sa.Column("motor_max_runtime_s", sa.Integer, nullable=False),
        sa.CheckConstraint(
            "motor_intensity BETWEEN 0 AND 100", name="ck_dispensers_motor_intensity"
        ),
        sa.CheckConstraint(
            "motor_max_runtime_s BETWEEN 30 AND 600", name="ck_dispensers_motor_max_runtime"
        ),
        sa.CheckConstraint(
            "motor_post_stop_ms BETWEEN 0 AND 5000", name="ck_dispensers_motor_post_stop"
        ),
        sa.CheckConstraint(
            "motor_pre_start_ms BETWEEN 0 AND 5000", name="ck_dispensers_motor_pre_start"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["people.id"], name="fk_dispensers_owner_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_dispensers"),
        sa.UniqueConstraint("token_hash", name="uq_dispensers_token_hash"),
        sa.UniqueConstraint("uid", name="uq_dispensers_uid"),
    )
    op.create_index(
        "ix_dispensers_one_default",
        "dispensers",
        ["owner_id"],
        unique=True,
        sqlite_where=sa.text("is_default"),
        postgresql_where=sa.text("is_default"),
    )
    op.create_index("ix_dispensers_owner_id", "dispensers", ["owner_id"])


def _recipes() -> None:
    op.create_table(
        "recipes",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("portions", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("portions BETWEEN 1 AND 20", name="ck_recipes_portions"),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["people.id"], name="fk_recipes_owner_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_recipes"),
    )
    op.create_index("ix_recipes_owner_id", "recipes", ["owner_id"])


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("last_seen_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_sessions_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_person_id", "sessions", ["person_id"])


def _ingredients() -> None:
    op.create_table(
        "ingredients",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("recipe_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("spice", sa.String(60), nullable=False),
        sa.Column("quantity_mg", sa.Integer, nullable=False),
        sa.CheckConstraint("quantity_mg BETWEEN 1 AND 500000", name="ck_ingredients_quantity"),
        sa.ForeignKeyConstraint(
            ["recipe_id"], ["recipes.id"], name="fk_ingredients_recipe_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_ingredients"),
        sa.UniqueConstraint("recipe_id", "position", name="uq_ingredients_recipe_id_position"),
    )
    op.create_index("ix_ingredients_recipe_id", "ingredients", ["recipe_id"])


def _jars() -> None:
    op.create_table(
        "jars",
        sa.Column("dispenser_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("label", sa.String(60)),
        sa.Column("rate_ug_s", sa.Integer),
        sa.Column("stock_known", sa.Boolean, nullable=False),
        sa.Column("stock_mg", sa.BigInteger, nullable=False),
        sa.Column("held_mg", sa.BigInteger, nullable=False),
        sa.Column("updated_at", UtcDateTime),
        sa.CheckConstraint("held_mg >= 0", name="ck_jars_held"),
        sa.CheckConstraint("number BETWEEN 1 AND 16", name="ck_jars_number"),
        sa.CheckConstraint("rate_ug_s > 0", name="ck_jars_rate"),
        sa.ForeignKeyConstraint(
            ["dispenser_id"], ["dispensers.id"], name="fk_jars_dispenser_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("dispenser_id", "number", name="pk_jars"),
    )


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("dispenser_id", sa.Integer, nullable=False),
        sa.Column("recipe_id", sa.Integer),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("multiplier", sa.Integer, nullable=False),
        sa.Column("motor_intensity", sa.Integer, nullable=False),
        sa.Column("motor_pre_start_ms", sa.Integer, nullable=False),
        sa.Column("motor_post_stop_ms", sa.Integer, nullable=False),
        sa.Column("motor_max_runtime_s", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("reported", sa.Boolean, nullable=False),
        sa.Column("review", sa.Boolean, nullable=False),
        sa.Column("failure", sa.String(16)),
        sa.Column("error", sa.String(200)),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("started_at", UtcDateTime),
        sa.Column("heard_at", UtcDateTime),
        sa.Column("finished_at", UtcDateTime),
        sa.CheckConstraint(
            (
                "(state IN ('canceled', 'done', 'done_partial', 'failed')) = (finished_at IS NOT "
                "NULL)"
            ),
            name="ck_jobs_finished_when_final",
        ),
        sa.CheckConstraint(
            "NOT reported OR state IN ('canceled', 'done', 'done_partial', 'failed')",
            name="ck_jobs_reported_is_final",
        ),
        sa.CheckConstraint(
            "failure IN ('cancelled', 'expired', 'no_report', 'unconfirmed')",
            name="ck_jobs_failure_known",
        ),
        sa.CheckConstraint(
            (
                "state IN ('canceled', 'cancelling', 'done', 'done_partial', 'failed', "
                "'offered', 'queued', 'running')"
            ),
            name="ck_jobs_state_known",
        ),
        sa.CheckConstraint(
            (
                "state NOT IN ('cancelling', 'running') OR (started_at IS NOT NULL AND heard_at "
                "IS NOT NULL)"
            ),
            name="ck_jobs_under_way_since",
        ),
        sa.CheckConstraint("multiplier BETWEEN 1 AND 100", name="ck_jobs_multiplier"),
        sa.CheckConstraint("people BETWEEN 1 AND 100", name="ck_jobs_people"),
        sa.CheckConstraint("version >= 1", name="ck_jobs_version"),
        sa.ForeignKeyConstraint(
            ["dispenser_id"], ["dispensers.id"], name="fk_jobs_dispenser_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["people.id"], name="fk_jobs_owner_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["recipe_id"], ["recipes.id"], name="fk_jobs_recipe_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("key", name="uq_jobs_key"),
    )
    op.create_index("ix_jobs_dispenser_id_state", "jobs", ["dispenser_id", "state"])
    op.create_index(
        "ix_jobs_one_active",
        "jobs",
        ["dispenser_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('offered', 'queued', 'running')"),
        postgresql_where=sa.text("state IN ('offered', 'queued', 'running')"),
    )
    op.create_index("ix_jobs_owner_id_state", "jobs", ["owner_id", "state"])
    op.create_index("ix_jobs_recipe_id", "jobs", ["recipe_id"])
    op.create_index("ix_jobs_state", "jobs", ["state"])


def _unclaimed_reports() -> None:
    op.create_table(
        "unclaimed_reports",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("dispenser_id", sa.Integer, nullable=False),
        sa.Column("job_id", sa.Integer, nullable=False),
        sa.Column("job_key", sa.String(64), nullable=False),
        sa.Column("report", sa.JSON, nullable=False),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["dispenser_id"],
            ["dispensers.id"],
            name="fk_unclaimed_reports_dispenser_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_unclaimed_reports"),
        sa.UniqueConstraint(
            "dispenser_id", "job_key", name="uq_unclaimed_reports_dispenser_id_job_key"
        ),
    )


def _job_items() -> None:
    op.create_table(
        "job_items",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("job_id", sa.Integer, nullable=False),
        sa.Column("item_order", sa.Integer, nullable=False),
        sa.Column("jar", sa.Integer, nullable=False),
        sa.Column("spice", sa.String(60), nullable=False),
        sa.Column("quantity_mg", sa.Integer, nullable=False),
        sa.Column("duration_ms", sa.Integer, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("fell_mg", sa.Integer),
        sa.Column("fell_at_least_mg", sa.Integer),
        sa.Column("resumes", sa.Integer, nullable=False),
        sa.Column("error", sa.String(200)),
        sa.Column("failure", sa.String(16)),
        sa.CheckConstraint(
            "failure IN ('cancelled', 'expired', 'no_report', 'unconfirmed')",
            name="ck_job_items_failure_known",
        ),
        sa.CheckConstraint(
            "status <> 'done' OR fell_mg IS NOT NULL", name="ck_job_items_done_fell"
        ),
        sa.CheckConstraint(
            "status IN ('done', 'failed', 'pending', 'running')", name="ck_job_items_status_known"
        ),
        sa.CheckConstraint(
            "(fell_mg IS NULL) = (fell_at_least_mg IS NULL)", name="ck_job_items_interval"
        ),
        sa.CheckConstraint("duration_ms BETWEEN 1 AND 180000", name="ck_job_items_duration"),
        sa.CheckConstraint(
            "fell_at_least_mg BETWEEN 0 AND fell_mg", name="ck_job_items_fell_at_least"
        ),
        sa.CheckConstraint("fell_mg BETWEEN 0 AND quantity_mg", name="ck_job_items_fell"),
        sa.CheckConstraint("item_order BETWEEN 1 AND 255", name="ck_job_items_item_order"),
        sa.CheckConstraint("jar BETWEEN 1 AND 16", name="ck_job_items_jar"),
        sa.CheckConstraint("quantity_mg > 0", name="ck_job_items_quantity"),
        sa.CheckConstraint("resumes >= 0", name="ck_job_items_resumes"),
        sa.ForeignKeyConstraint(
            ["job_id"], ["jobs.id"], name="fk_job_items_job_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_job_items"),
        sa.UniqueConstraint("job_id", "item_order", name="uq_job_items_job_id_item_order"),
    )


def _movements() -> None:
    op.create_table(
        "movements",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("dispenser_id", sa.Integer, nullable=False),
        sa.Column("jar", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("amount_mg", sa.BigInteger, nullable=False),
        sa.Column("job_id", sa.Integer),
        sa.Column("item_order", sa.Integer),
        sa.Column("person_id", sa.Integer),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.CheckConstraint(
            (
                "(kind IN ('hold', 'release', 'settle')) = (job_id IS NOT NULL AND item_order IS "
                "NOT NULL)"
            ),
            name="ck_movements_job_of_item",
        ),
        sa.CheckConstraint(
            (
                "CASE kind WHEN 'refill' THEN amount_mg > 0 WHEN 'hold' THEN amount_mg > 0 WHEN "
                "'release' THEN amount_mg < 0 WHEN 'settle' THEN amount_mg < 0 ELSE TRUE END"
            ),
            name="ck_movements_sign",
        ),
        sa.CheckConstraint(
            "kind IN ('correction', 'hold', 'refill', 'release', 'settle')",
            name="ck_movements_kind_known",
        ),
        sa.ForeignKeyConstraint(
            ["dispenser_id", "jar"],
            ["jars.dispenser_id", "jars.number"],
            name="fk_movements_dispenser_id_jar",
        ),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_movements_job_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_movements_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_movements"),
        sa.UniqueConstraint(
            "job_id", "item_order", "kind", name="uq_movements_job_id_item_order_kind"
        ),
    )
    op.create_index("ix_movements_dispenser_id_jar", "movements", ["dispenser_id", "jar"])
