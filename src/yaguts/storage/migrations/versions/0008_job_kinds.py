"""Jobs without a recipe: by the gram, or by the second with nobody knowing how much falls."""

from alembic import op

from yaguts.storage.migrations.rebuild import rebuild

revision = "0008"
down_revision = "0007"

_FOR_AN_ITEM = "kind IN ('hold', 'release', 'settle')"
_OF_A_JOB = "(job_id IS NOT NULL AND item_order IS NOT NULL)"
_THROWN_AWAY = "WHEN 'waste' THEN reason IN ('thrown away')"
_WASTE = "WHEN 'waste' THEN reason IN ('calibrated', 'cleared', 'thrown away')"
_REASONS = (
    "CASE kind WHEN 'correction' THEN reason IN ('relabelled', 'weighed')"
    " WHEN 'hold' THEN reason IN ('ordered') WHEN 'refill' THEN reason IN ('poured in')"
    " WHEN 'release' THEN reason IN ('cancelled', 'expired', 'reported', 'unconfirmed')"
    " WHEN 'settle' THEN reason IN ('reported')"
    f" {_THROWN_AWAY} ELSE FALSE END"
)
_CHANGES = {
    "job_items": {
        "quantity": ("quantity_mg > 0", "quantity_mg >= 0"),
        "fell": (
            "fell_mg BETWEEN 0 AND quantity_mg",
            "fell_mg >= 0 AND (fell_mg <= quantity_mg OR quantity_mg = 0)",
        ),
        "done_fell": (
            "status <> 'done' OR fell_mg IS NOT NULL",
            "status <> 'done' OR fell_mg IS NOT NULL OR quantity_mg = 0",
        ),
    },
    "movements": {
        "job_of_item": (
            f"({_FOR_AN_ITEM}) = {_OF_A_JOB}",
            f"({_FOR_AN_ITEM} OR reason IN ('calibrated', 'cleared')) = {_OF_A_JOB}",
        ),
        "reason_of_kind": (_REASONS, _REASONS.replace(_THROWN_AWAY, _WASTE)),
    },
}
"""Of each table the rules, each as it was and as it is now."""


def upgrade() -> None:
    """A word for each job, and looser rules for what fell and for what is waste."""
    # Written out, because SQLite takes a rule with a new column in no other way.
    op.execute(
        "ALTER TABLE jobs ADD COLUMN kind VARCHAR(16) DEFAULT 'recipe' NOT NULL"
        " CONSTRAINT ck_jobs_kind_known"
        " CHECK (kind IN ('calibration', 'cleaning', 'dose', 'purge', 'recipe'))"
        " CONSTRAINT ck_jobs_recipe_of_kind CHECK (kind = 'recipe' OR recipe_id IS NULL)"
    )
    for table, rules in _CHANGES.items():
        if op.get_bind().dialect.name == "sqlite":
            rebuild(table, *rules.values())
            continue
        for name, (_, rule) in rules.items():
            op.drop_constraint(f"ck_{table}_{name}", table)
            op.create_check_constraint(f"ck_{table}_{name}", table, rule)
