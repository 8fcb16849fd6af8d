"""A dispenser's token is renewed in two phases; a code may be used again by the same board."""

import sqlalchemy as sa
from alembic import op

from yaguts.storage.db.types import UtcDateTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """The token on offer, how old the one in use is, and which board used a code."""
    op.add_column("dispensers", sa.Column("next_token_hash", sa.String(64)))
    op.add_column("dispensers", sa.Column("token_since", UtcDateTime))
    op.create_index("ix_dispensers_next_token_hash", "dispensers", ["next_token_hash"], unique=True)
    op.add_column("claim_codes", sa.Column("used_by", sa.String(64)))
