"""A uid belongs to a board within its owner's kitchen: what another kitchen calls so is another."""

from alembic import op

from yaguts.storage.migrations.rebuild import rebuild

revision = "0014"
down_revision = "0013"

_OF_ALL = "CONSTRAINT uq_dispensers_uid UNIQUE (uid)"
_OF_AN_OWNER = "CONSTRAINT uq_dispensers_owner_id_uid UNIQUE (owner_id, uid)"


def upgrade() -> None:
    """The rule that no two dispensers have the same uid becomes one for each owner."""
    if op.get_bind().dialect.name == "sqlite":
        rebuild("dispensers", (_OF_ALL, _OF_AN_OWNER))
    else:
        op.drop_constraint("uq_dispensers_uid", "dispensers")
        op.create_unique_constraint("uq_dispensers_owner_id_uid", "dispensers", ["owner_id", "uid"])
