"""Reports without a key and reports that contradict their job are kept: facts only, no texts."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from yaguts.storage.migrations.rebuild import rebuild
from yaguts_wire import words as w

revision = "0018"
down_revision = "0017"

_CHECKS = {
    "contradiction_known": "contradiction IN ('counts', 'interval', 'negative', 'not_in_job', "
    "'not_its_job', 'too_much', 'twice', 'unreadable')",
    "told_apart": "job_key IS NOT NULL OR body_hash IS NOT NULL",
    "dropped": "dropped >= 0",
}
_WHAT = (
    "what IN ('cancelled', 'claim_refused', 'claimed', 'configured', 'corrected', "
    "'invitation_withdrawn', 'invited', 'joined', 'left', 'member_removed', "
    "'password_change_refused', 'password_changed', 'registered', 'resumed', 'sessions_ended', "
    "'sign_in_refused', 'signed_in', 'token_renewed', 'token_wanted', 'unlinked')"
)
_MORE = _WHAT.replace("'resumed', ", "'reports_dropped', 'resumed', ")
_TEXTS = (w.SPICE, w.ERROR)
_REPORTS = sa.table("unclaimed_reports", sa.column("id"), sa.column("report", sa.JSON))


def upgrade() -> None:
    """Kept reports lose their texts, and may have no key."""
    op.add_column("unclaimed_reports", sa.Column("body_hash", sa.String(64)))
    op.add_column("unclaimed_reports", sa.Column("contradiction", sa.String(16)))
    op.add_column(
        "unclaimed_reports", sa.Column("dropped", sa.Integer, nullable=False, server_default="0")
    )
    _forget_texts()
    if op.get_bind().dialect.name == "sqlite":
        checks = (
            f"CONSTRAINT ck_unclaimed_reports_{name} CHECK ({rule})"
            for name, rule in _CHECKS.items()
        )
        first_key = "CONSTRAINT pk_unclaimed_reports"
        rebuild(
            "unclaimed_reports",
            ("job_key VARCHAR(64) NOT NULL", "job_key VARCHAR(64)"),
            (first_key, ", ".join((*checks, first_key))),
        )
        rebuild("trail", (_WHAT, _MORE))
    else:
        op.alter_column("unclaimed_reports", "job_key", nullable=True)
        for name, rule in _CHECKS.items():
            op.create_check_constraint(f"ck_unclaimed_reports_{name}", "unclaimed_reports", rule)
        op.drop_constraint("ck_trail_what_known", "trail")
        op.create_check_constraint("ck_trail_what_known", "trail", _MORE)
    op.create_index(
        "ix_unclaimed_reports_without_key",
        "unclaimed_reports",
        ["dispenser_id", "job_id", "body_hash"],
        unique=True,
        sqlite_where=sa.text("job_key IS NULL"),
        postgresql_where=sa.text("job_key IS NULL"),
    )


def _forget_texts() -> None:
    connection = op.get_bind()
    kept = connection.execute(sa.text("SELECT id, report FROM unclaimed_reports")).all()
    for report_id, sent in kept:
        facts = _facts(json.loads(sent) if isinstance(sent, str) else sent)
        this = _REPORTS.c.id == report_id
        connection.execute(sa.update(_REPORTS).where(this).values(report=facts))


def _facts(sent: Any) -> dict[str, object]:
    doses = [
        {word: value for word, value in dose.items() if word not in _TEXTS}
        for dose in sent.get(w.LOGS) or ()
    ]
    counts = {word: sent[word] for word in (w.COMPLETED, w.FAILED_COUNT) if word in sent}
    return {**counts, w.LOGS: doses}
