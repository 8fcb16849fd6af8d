"""An owner can make a link for a new password of somebody who came by their invitation."""

import sqlalchemy as sa
from alembic import op

from yaguts.storage.db.types import UtcDateTime

revision = "0029"
down_revision = "0028"

_memberships = sa.table(
    "memberships", sa.column("person_id"), sa.column("owner_id"), sa.column("made_here")
)
_trail = sa.table("trail", sa.column("what"), sa.column("kitchen_id"), sa.column("person_id"))


def upgrade() -> None:
    """Who made their account with the invitation is known by the audit log, while it is kept."""
    made = sa.Column("made_here", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("memberships", made)
    op.add_column("memberships", sa.Column("reset_at", UtcDateTime))
    made_here = sa.exists().where(
        _trail.c.what == "registered",
        _trail.c.person_id == _memberships.c.person_id,
        _trail.c.kitchen_id == _memberships.c.owner_id,
    )
    op.execute(sa.update(_memberships).where(made_here).values(made_here=True))
