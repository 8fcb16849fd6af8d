"""A form that is sent twice is booked once, and a jar remembers its former spices."""

import sqlalchemy as sa
from alembic import op

from yaguts.storage.db.types import UtcDateTime

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """No form carried a key so far, and what a jar held before is not known."""
    op.create_table(
        "booked_forms",
        sa.Column("person_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("address", sa.String(400)),
        sa.PrimaryKeyConstraint("person_id", "key", name="pk_booked_forms"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_booked_forms_person_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "former_spices",
        sa.Column("dispenser_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("jar", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("label", sa.String(60), nullable=False),
        sa.Column("rate_ug_s", sa.Integer),
        sa.Column("stock_mg", sa.BigInteger),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("dispenser_id", "jar", "label", name="pk_former_spices"),
        sa.ForeignKeyConstraint(
            ["dispenser_id"],
            ["dispensers.id"],
            name="fk_former_spices_dispenser_id",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("rate_ug_s > 0", name="ck_former_spices_rate"),
    )
