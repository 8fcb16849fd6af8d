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


def upgrade() -> None:
    """A board that is here already counts as paired when it got its token."""
    op.add_column("dispensers", sa.Column("paired_at", UtcDateTime))
    op.add_column("dispensers", sa.Column("place_since", UtcDateTime))
    op.add_column("dispensers", sa.Column("place_before", sa.Integer))
    op.execute("UPDATE dispensers SET paired_at = token_since WHERE token_hash IS NOT NULL")
    if op.get_bind().dialect.name == "sqlite":
        rebuild("trail", (_WHAT, _MORE))
    else:
        op.drop_constraint("ck_trail_what_known", "trail")
        op.create_check_constraint("ck_trail_what_known", "trail", _MORE)
