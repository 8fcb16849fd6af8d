"""A board may take the place of another one."""

import sqlalchemy as sa
from alembic import op

from yaguts.storage.db.types import UtcDateTime
from yaguts.storage.migrations.rebuild import rebuild

revision = "0019"
down_revision = "0018"

_WHAT = (
    "what IN ('cancelled', 'claim_refused', 'claimed', 'configured', 'corrected', "
    "'invitation_withdrawn', 'invited', 'joined', 'left', 'member_removed', "
    "'password_change_refused', 'password_changed', 'registered', 'reports_dropped', 'resumed', "
    "'sessions_ended', 'sign_in_refused', 'signed_in', 'token_renewed', 'token_wanted', 'unlinked')"
)
_MORE = _WHAT.replace("'reports_dropped', ", "'replaced', 'reports_dropped', ")


_NEWCOMERS = """
UPDATE dispensers SET newcomer_since = token_since, default_seen_at = (
    SELECT d.last_seen_at FROM dispensers AS d
    WHERE d.owner_id = dispensers.owner_id AND d.is_default
) WHERE token_hash IS NOT NULL AND NOT is_default
"""


def upgrade() -> None:
    """A board that is here already beside another one is asked about, too."""
    op.add_column("dispensers", sa.Column("newcomer_since", UtcDateTime))
    op.add_column("dispensers", sa.Column("default_seen_at", UtcDateTime))
    op.execute(_NEWCOMERS)
    op.create_table(
        "former_places",
        sa.Column("dispenser_id", sa.Integer, nullable=False),
        sa.Column("uid", sa.String(64), nullable=False),
        sa.Column("last_job_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("dispenser_id", "uid", name="pk_former_places"),
        sa.ForeignKeyConstraint(
            ["dispenser_id"],
            ["dispensers.id"],
            name="fk_former_places_dispenser_id",
            ondelete="CASCADE",
        ),
    )
    if op.get_bind().dialect.name == "sqlite":
        rebuild("trail", (_WHAT, _MORE))
    else:
        op.drop_constraint("ck_trail_what_known", "trail")
        op.create_check_constraint("ck_trail_what_known", "trail", _MORE)
