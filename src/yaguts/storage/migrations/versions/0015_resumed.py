"""The trail knows of answers to a dispenser that asks whether to go on."""

from alembic import op

from yaguts.storage.migrations.rebuild import rebuild

revision = "0015"
down_revision = "0014"

_WHAT = (
    "what IN ('cancelled', 'claim_refused', 'claimed', 'configured', 'corrected', "
    "'invitation_withdrawn', 'invited', 'joined', 'left', 'member_removed', "
    "'password_change_refused', 'password_changed', 'registered', 'sessions_ended', "
    "'sign_in_refused', 'signed_in', 'token_renewed', 'token_wanted', 'unlinked')"
)
_MORE = _WHAT.replace("'registered', ", "'registered', 'resumed', ")


def upgrade() -> None:
    """One more thing that may have been done."""
    if op.get_bind().dialect.name == "sqlite":
        rebuild("trail", (_WHAT, _MORE))
    else:
        op.drop_constraint("ck_trail_what_known", "trail")
        op.create_check_constraint("ck_trail_what_known", "trail", _MORE)
