"""The part of the schema that is about releases of the firmware. The rest is in `tables`."""

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
)

from yaguts.domain.firmware.release import Channel, UpdateReason, UpdateState
from yaguts.domain.firmware.rollout import HaltReason
from yaguts.storage.db.constraints import one_of, part_of_a_dispenser
from yaguts.storage.db.metadata import metadata
from yaguts.storage.db.types import UtcDateTime

# A signed release, and how far its rollout is.
releases = Table(
    "releases",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("version", String(40), nullable=False),
    Column("hardware", String(20), nullable=False),
    Column("bytecode", String(8), nullable=False),
    Column("micropython", String(12)),
    Column("server_from", String(20), nullable=False),
    Column("server_to", String(20)),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
    Column("stages", JSON, nullable=False),
    Column("stage", Integer, nullable=False),
    Column("stage_since", UtcDateTime, nullable=False),
    Column("counts_since", UtcDateTime, nullable=False),
    Column("halted", String(16)),
    Column("halted_at", UtcDateTime),
    Column("checked_at", UtcDateTime),
    Column("watched_since", UtcDateTime),
    Column("manifest", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    one_of("channel", Channel),
    one_of("halted", HaltReason),
    CheckConstraint("number >= 1", name="number"),
    CheckConstraint("stage >= 0", name="stage"),
    CheckConstraint("(halted IS NULL) = (halted_at IS NULL)", name="halted_when"),
)

# In the order of the manifest.
release_files = Table(
    "release_files",
    metadata,
    Column("release", Integer, ForeignKey("releases.number", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)

# What a board last told of itself.
board_told = Table(
    "board_told",
    metadata,
    part_of_a_dispenser("dispenser_id"),
    Column("release", Integer),
    Column("slot", String(1)),
    Column("hardware", String(20)),
    Column("bytecode", String(8)),
    Column("micropython", String(12)),
    Column("key_ids", JSON),
)

# What the owner of a dispenser wants; without a row: the newest stable release.
update_choices = Table(
    "update_choices",
    metadata,
    part_of_a_dispenser("dispenser_id"),
    Column("channel", String(16), nullable=False),
    Column("pinned", Integer),
    one_of("channel", Channel),
    CheckConstraint("pinned >= 0", name="pinned"),
)

# A release that was chosen for a dispenser's board, and how far it is there.
updates = Table(
    "updates",
    metadata,
    part_of_a_dispenser("dispenser_id"),
    Column("release", Integer, ForeignKey("releases.number", ondelete="CASCADE"), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("reason", String(16)),
    Column("chosen_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("runs_since", UtcDateTime),
    one_of("state", UpdateState),
    one_of("reason", UpdateReason),
    Index("ix_updates_release", "release"),
)
