"""Every movement says why, and what was thrown away is a movement too."""

import sqlalchemy as sa
from alembic import op

from yaguts.storage.db.types import UtcDateTime

revision = "0003"
down_revision = "0002"

_OLD = (
    "id, dispenser_id, jar, kind, amount_mg,"
    " CASE kind WHEN 'hold' THEN 'ordered' WHEN 'refill' THEN 'poured in'"
    " WHEN 'correction' THEN 'weighed' WHEN 'settle' THEN 'reported'"
    # A job that was given up and then reported after all had its holds released at the first.
    " ELSE COALESCE((SELECT CASE failure WHEN 'cancelled' THEN 'cancelled'"
    " WHEN 'expired' THEN 'expired' WHEN 'unconfirmed' THEN 'unconfirmed' END"
    " FROM jobs WHERE jobs.id = job_id), 'reported') END,"
    " job_id, item_order, person_id, at"
)


def upgrade() -> None:
    """SQLite can't change a table's rules: the lines move out, into a new table, and back."""
    op.execute(f"CREATE TEMPORARY TABLE moved AS SELECT {_OLD} FROM movements")
    op.drop_table("movements")
    _movements()
    op.execute("INSERT INTO movements SELECT * FROM moved")
    op.execute("DROP TABLE moved")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('movements', 'id'), max(id)) FROM movements"
        )


def _movements() -> None:
    op.create_table(
        "movements",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("dispenser_id", sa.Integer, nullable=False),
        sa.Column("jar", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("amount_mg", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("job_id", sa.Integer),
        sa.Column("item_order", sa.Integer),
        sa.Column("person_id", sa.Integer),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.CheckConstraint(
            (
                "(kind IN ('hold', 'release', 'settle')) = (job_id IS NOT NULL AND item_order IS "
                "NOT NULL)"
            ),
            name="ck_movements_job_of_item",
        ),
        sa.CheckConstraint(
            (
                "CASE kind WHEN 'refill' THEN amount_mg > 0 WHEN 'hold' THEN amount_mg > 0 WHEN "
                "'release' THEN amount_mg < 0 WHEN 'settle' THEN amount_mg < 0 WHEN 'waste' THEN "
                "amount_mg < 0 ELSE TRUE END"
            ),
            name="ck_movements_sign",
        ),
        sa.CheckConstraint(
            (
                "CASE kind WHEN 'correction' THEN reason IN ('relabelled', 'weighed') WHEN 'hold' "
                "THEN reason IN ('ordered') WHEN 'refill' THEN reason IN ('poured in') WHEN "
                "'release' THEN reason IN ('cancelled', 'expired', 'reported', 'unconfirmed') WHEN "
                "'settle' THEN reason IN ('reported') WHEN 'waste' THEN reason IN ('thrown away') "
                "ELSE FALSE END"
            ),
            name="ck_movements_reason_of_kind",
        ),
        sa.CheckConstraint(
            "kind IN ('correction', 'hold', 'refill', 'release', 'settle', 'waste')",
            name="ck_movements_kind_known",
        ),
        sa.ForeignKeyConstraint(
            ["dispenser_id", "jar"],
            ["jars.dispenser_id", "jars.number"],
            name="fk_movements_dispenser_id_jar",
        ),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_movements_job_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_movements_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_movements"),
        sa.UniqueConstraint(
            "job_id", "item_order", "kind", name="uq_movements_job_id_item_order_kind"
        ),
    )
    op.create_index("ix_movements_dispenser_id_jar", "movements", ["dispenser_id", "jar"])
