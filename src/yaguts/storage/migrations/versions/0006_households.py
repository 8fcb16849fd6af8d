"""An owner may invite others into the kitchen."""

import sqlalchemy as sa
from alembic import op

from yaguts.storage.db.types import UtcDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Who cooks where, and the invitations that nobody has taken yet."""
    op.create_table(
        "memberships",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.CheckConstraint("person_id <> owner_id", name="ck_memberships_of_another"),
        _belongs_to_a_person("memberships", "person_id"),
        _belongs_to_a_person("memberships", "owner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_memberships"),
        sa.UniqueConstraint("person_id", name="uq_memberships_person_id"),
    )
    op.create_index("ix_memberships_owner_id", "memberships", ["owner_id"])
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        _belongs_to_a_person("invitations", "owner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.UniqueConstraint("code_hash", name="uq_invitations_code_hash"),
    )
    op.create_index("ix_invitations_owner_id", "invitations", ["owner_id"])


def _belongs_to_a_person(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], ["people.id"], name=name, ondelete="CASCADE")
