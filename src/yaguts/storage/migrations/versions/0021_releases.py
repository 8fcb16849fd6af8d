"""Signed releases of the firmware: published, rolled out, and what became of each on each board."""

import sqlalchemy as sa
from alembic import op

from yaguts.storage.db.types import UtcDateTime
from yaguts.storage.migrations.rebuild import rebuild

revision = "0021"
down_revision = "0020"

_WHAT = (
    "what IN ('cancelled', 'claim_refused', 'claimed', 'configured', 'corrected', "
    "'invitation_withdrawn', 'invited', 'joined', 'left', 'member_removed', "
    "'password_change_refused', 'password_changed', 'registered', 'replaced', 'reports_dropped', "
    "'resumed', 'sessions_ended', 'sign_in_refused', 'signed_in', 'token_renewed', "
    "'token_wanted', 'unlinked')"
)
_MORE = (
    _WHAT.replace("'replaced', ", "'release_published', 'replaced', ")
    .replace("'resumed', ", "'resumed', 'rollout_halted', 'rollout_resumed', 'rollout_stage', ")
    .replace(
        "'unlinked')",
        "'unlinked', 'update_choice', 'update_chosen', 'update_confirmed', 'update_left', "
        "'update_refused', 'update_tried', 'update_wanted')",
    )
)
_STATES = (
    "state IN ('bad', 'chosen', 'confirmed', 'fell_back', 'fetching', 'refused', 'untried', "
    "'waiting')"
)
_REASONS = (
    "reason IN ('bad_signature', 'bytecode', 'crash', 'downgrade', 'expired', 'hardware', 'hash', "
    "'malformed', 'micropython', 'no_key', 'no_room', 'no_time', 'path', 'server', 'silence', "
    "'size', 'too_large', 'too_many', 'watchdog')"
)


def upgrade() -> None:
    """No release is published yet, and no board has told what it is."""
    op.add_column("dispensers", sa.Column("heard_since", UtcDateTime))
    _releases()
    _release_files()
    _board_told()
    _update_choices()
    _updates()
    if op.get_bind().dialect.name == "sqlite":
        rebuild("trail", (_WHAT, _MORE))
    else:
        op.drop_constraint("ck_trail_what_known", "trail")
        op.create_check_constraint("ck_trail_what_known", "trail", _MORE)


def _releases() -> None:
    op.create_table(
        "releases",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("version", sa.String(40), nullable=False),
        sa.Column("hardware", sa.String(20), nullable=False),
        sa.Column("bytecode", sa.String(8), nullable=False),
        sa.Column("micropython", sa.String(12)),
        sa.Column("server_from", sa.String(20), nullable=False),
        sa.Column("server_to", sa.String(20)),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("published_at", UtcDateTime, nullable=False),
        sa.Column("stages", sa.JSON, nullable=False),
        sa.Column("stage", sa.Integer, nullable=False),
        sa.Column("stage_since", UtcDateTime, nullable=False),
        sa.Column("counts_since", UtcDateTime, nullable=False),
        sa.Column("halted", sa.String(16)),
        sa.Column("halted_at", UtcDateTime),
        sa.Column("checked_at", UtcDateTime),
        sa.Column("watched_since", UtcDateTime),
        sa.Column("manifest", sa.LargeBinary, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_releases"),
        sa.CheckConstraint("channel IN ('beta', 'stable')", name="ck_releases_channel_known"),
        sa.CheckConstraint(
            "halted IN ('jobs', 'left', 'refused', 'silent', 'word')",
            name="ck_releases_halted_known",
        ),
        sa.CheckConstraint("number >= 1", name="ck_releases_number"),
        sa.CheckConstraint("stage >= 0", name="ck_releases_stage"),
        sa.CheckConstraint(
            "(halted IS NULL) = (halted_at IS NULL)", name="ck_releases_halted_when"
        ),
    )


def _release_files() -> None:
    op.create_table(
        "release_files",
        sa.Column("release", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("position", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("release", "position", name="pk_release_files"),
        _of_a_release("release_files"),
    )


def _board_told() -> None:
    op.create_table(
        "board_told",
        sa.Column("dispenser_id", sa.Integer, nullable=False),
        sa.Column("release", sa.Integer),
        sa.Column("slot", sa.String(1)),
        sa.Column("hardware", sa.String(20)),
        sa.Column("bytecode", sa.String(8)),
        sa.Column("micropython", sa.String(12)),
        sa.Column("key_ids", sa.JSON),
        sa.PrimaryKeyConstraint("dispenser_id", name="pk_board_told"),
        _of_a_dispenser("board_told"),
    )


def _update_choices() -> None:
    op.create_table(
        "update_choices",
        sa.Column("dispenser_id", sa.Integer, nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("pinned", sa.Integer),
        sa.PrimaryKeyConstraint("dispenser_id", name="pk_update_choices"),
        sa.CheckConstraint("channel IN ('beta', 'stable')", name="ck_update_choices_channel_known"),
        sa.CheckConstraint("pinned >= 0", name="ck_update_choices_pinned"),
        _of_a_dispenser("update_choices"),
    )


def _updates() -> None:
    op.create_table(
        "updates",
        sa.Column("dispenser_id", sa.Integer, nullable=False),
        sa.Column("release", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(16)),
        sa.Column("chosen_at", UtcDateTime, nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.Column("runs_since", UtcDateTime),
        sa.PrimaryKeyConstraint("dispenser_id", "release", name="pk_updates"),
        sa.CheckConstraint(_STATES, name="ck_updates_state_known"),
        sa.CheckConstraint(_REASONS, name="ck_updates_reason_known"),
        _of_a_dispenser("updates"),
        _of_a_release("updates"),
    )
    op.create_index("ix_updates_release", "updates", ["release"])


def _of_a_dispenser(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["dispenser_id"],
        ["dispensers.id"],
        name=f"fk_{table}_dispenser_id",
        ondelete="CASCADE",
    )


def _of_a_release(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["release"], ["releases.number"], name=f"fk_{table}_release", ondelete="CASCADE"
    )
