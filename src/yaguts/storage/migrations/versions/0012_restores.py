"""A database may be an older copy: an epoch for each restore, and what became of kept reports."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from yaguts.storage.db.types import UtcDateTime
from yaguts.storage.migrations.rebuild import rebuild
from yaguts_wire import words as w

revision = "0012"
down_revision = "0011"

_FAILURES = "failure IN ('cancelled', 'expired', 'no_report', 'unconfirmed')"
_ALL_FAILURES = "failure IN ('cancelled', 'expired', 'no_report', 'restored', 'unconfirmed')"
_JOB_OF_ITEM = (
    "(kind IN ('hold', 'release', 'settle') OR reason IN ('calibrated', 'cleared'))"
    " = (job_id IS NOT NULL AND item_order IS NOT NULL)"
)
_OR_OF_REPORT = (
    "CASE WHEN kind IN ('hold', 'release') OR reason IN ('calibrated', 'cleared')"
    " THEN job_id IS NOT NULL AND item_order IS NOT NULL AND report_id IS NULL"
    " WHEN kind = 'settle' THEN (job_id IS NULL) <> (report_id IS NULL) AND item_order IS NOT NULL"
    " ELSE job_id IS NULL AND item_order IS NULL AND report_id IS NULL END"
)
_REASONS = (
    "CASE kind WHEN 'correction' THEN reason IN ('relabelled', 'weighed')"
    " WHEN 'hold' THEN reason IN ('ordered') WHEN 'refill' THEN reason IN ('poured in')"
    " WHEN 'release' THEN reason IN ('cancelled', 'expired', 'reported', 'unconfirmed')"
    " WHEN 'settle' THEN reason IN ('reported')"
    " WHEN 'waste' THEN reason IN ('calibrated', 'cleared', 'thrown away') ELSE FALSE END"
)
_MORE_REASONS = _REASONS.replace("'reported', 'unconf", "'reported', 'restored', 'unconf").replace(
    "IN ('reported')", "IN ('reported', 'unclaimed')"
)
_CHANGES = {
    "jobs": {"failure_known": (_FAILURES, _ALL_FAILURES)},
    "job_items": {"failure_known": (_FAILURES, _ALL_FAILURES)},
    "movements": {
        "job_of_item": (_JOB_OF_ITEM, _OR_OF_REPORT),
        "reason_of_kind": (_REASONS, _MORE_REASONS),
    },
}
"""Of each table the rules, each as it was and as it is now."""
_NEW_CHECKS = {
    "settled": "(outcome IS NULL) = (settled_at IS NULL)",
    "outcome_known": "outcome IN ('booked', 'dismissed')",
}
_BY_A_PERSON = (
    "CONSTRAINT fk_unclaimed_reports_settled_by FOREIGN KEY(settled_by) REFERENCES people (id)"
)
_OF_A_REPORT = (
    "CONSTRAINT fk_movements_report_id FOREIGN KEY(report_id) REFERENCES unclaimed_reports (id), "
    "CONSTRAINT uq_movements_report_id_item_order UNIQUE (report_id, item_order)"
)


def upgrade() -> None:
    """Kept reports first: movements refer to them."""
    op.create_table(
        "epochs",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("began_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_epochs"),
    )
    _doses()
    op.add_column("unclaimed_reports", sa.Column("outcome", sa.String(16)))
    op.add_column("unclaimed_reports", sa.Column("settled_at", UtcDateTime))
    op.add_column("unclaimed_reports", sa.Column("settled_by", sa.Integer))
    op.add_column("movements", sa.Column("report_id", sa.Integer))
    if op.get_bind().dialect.name == "sqlite":
        _rules_of_sqlite()
    else:
        _rules_of_postgresql()


def _doses() -> None:
    op.create_table(
        "unclaimed_doses",
        sa.Column("report_id", sa.Integer, nullable=False),
        sa.Column("item_order", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("jar", sa.Integer, nullable=False),
        sa.Column("spice", sa.String(200), nullable=False),
        sa.Column("done", sa.Boolean, nullable=False),
        sa.Column("fell_mg", sa.Integer, nullable=False),
        sa.Column("fell_at_least_mg", sa.Integer, nullable=False),
        sa.Column("resumes", sa.Integer, nullable=False),
        sa.Column("error", sa.String(200)),
        sa.CheckConstraint(
            "fell_at_least_mg BETWEEN 0 AND fell_mg", name="ck_unclaimed_doses_fell_at_least"
        ),
        sa.CheckConstraint("fell_mg >= 0", name="ck_unclaimed_doses_fell"),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["unclaimed_reports.id"],
            name="fk_unclaimed_doses_report_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("report_id", "item_order", name="pk_unclaimed_doses"),
    )
    connection = op.get_bind()
    kept = connection.execute(sa.text("SELECT id, report FROM unclaimed_reports"))
    doses = [dose for report_id, report in kept for dose in _told(report_id, report)]
    if doses:
        connection.execute(sa.text(_ADD_DOSE), doses)


_ADD_DOSE = """INSERT INTO unclaimed_doses (report_id, item_order, jar, spice, done, fell_mg,
    fell_at_least_mg, resumes) VALUES (:report_id, :item_order, :jar, :spice, :done, :fell_mg,
    :fell_at_least_mg, :resumes)"""


def _told(report_id: int, sent: Any) -> list[dict[str, object]]:
    """What a report that was kept before says. Only firmware 0.2 says it with a key."""
    report = json.loads(sent) if isinstance(sent, str) else sent
    return [
        {
            "report_id": report_id,
            "item_order": place,
            "jar": entry[w.JAR],
            "spice": entry[w.SPICE],
            "done": entry[w.STATUS] == w.DONE,
            "fell_mg": max(0, round(entry[w.QUANTITY_G] * 1000)),
            "fell_at_least_mg": 0,
            "resumes": entry.get(w.RESUMES, 0),
        }
        for place, entry in enumerate(report.get(w.LOGS) or (), start=1)
    ]


def _rules_of_sqlite() -> None:
    checks = (
        f"CONSTRAINT ck_unclaimed_reports_{name} CHECK ({rule})"
        for name, rule in _NEW_CHECKS.items()
    )
    first_key = "CONSTRAINT pk_unclaimed_reports"
    rebuild("unclaimed_reports", (first_key, ", ".join((*checks, _BY_A_PERSON, first_key))))
    for table, rules in _CHANGES.items():
        rebuild(table, *rules.values())
    first_key = "CONSTRAINT pk_movements"
    rebuild("movements", (first_key, f"{_OF_A_REPORT}, {first_key}"))


def _rules_of_postgresql() -> None:
    for name, rule in _NEW_CHECKS.items():
        op.create_check_constraint(f"ck_unclaimed_reports_{name}", "unclaimed_reports", rule)
    op.create_foreign_key(
        "fk_unclaimed_reports_settled_by", "unclaimed_reports", "people", ["settled_by"], ["id"]
    )
    for table, rules in _CHANGES.items():
        for name, (_, rule) in rules.items():
            op.drop_constraint(f"ck_{table}_{name}", table)
            op.create_check_constraint(f"ck_{table}_{name}", table, rule)
    op.create_foreign_key(
        "fk_movements_report_id", "movements", "unclaimed_reports", ["report_id"], ["id"]
    )
    op.create_unique_constraint(
        "uq_movements_report_id_item_order", "movements", ["report_id", "item_order"]
    )
