"""A kitchen keeps what its own spoons of a spice weigh, and a jar has a capacity."""

import sqlalchemy as sa
from alembic import op

from yaguts.storage.db.types import UtcDateTime
from yaguts.storage.migrations.rebuild import rebuild

revision = "0031"
down_revision = "0030"

_FITS = "capacity_mg > 0"
_NEXT_RULE = "CONSTRAINT ck_jars_rate"


def upgrade() -> None:
    """Nobody has weighed a spoon so far, and how much fits into a jar is not known."""
    op.create_table(
        "weighed_spoons",
        sa.Column("owner_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("spice", sa.String(60), nullable=False),
        sa.Column("unit", sa.String(16), nullable=False),
        sa.Column("weight_mg", sa.Integer, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "spice", name="pk_weighed_spoons"),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["people.id"], name="fk_weighed_spoons_owner_id", ondelete="CASCADE"
        ),
        sa.CheckConstraint(
            "unit IN ('cup', 'tablespoon', 'teaspoon')", name="ck_weighed_spoons_unit_known"
        ),
        sa.CheckConstraint("weight_mg BETWEEN 1 AND 1000000", name="ck_weighed_spoons_weight"),
    )
    op.add_column("jars", sa.Column("capacity_mg", sa.Integer))
    op.add_column("former_spices", sa.Column("capacity_mg", sa.Integer))
    if op.get_bind().dialect.name == "sqlite":
        rebuild("jars", (_NEXT_RULE, f"CONSTRAINT ck_jars_capacity CHECK ({_FITS}), {_NEXT_RULE}"))
    else:
        op.create_check_constraint("ck_jars_capacity", "jars", _FITS)
