"""Names that look alike are one, and a pairing code knows where its owner was."""

import sqlalchemy as sa
from alembic import op

from yaguts.storage.look_keys import look_key

revision = "0024"
down_revision = "0023"

_people = sa.table("people", sa.column("id"), sa.column("name"), sa.column("name_key"),
                   sa.column("look_key"))  # fmt: skip


def upgrade() -> None:
    """Accounts whose names look alike today keep them. The earliest also has the key, or rather the
    one whose name is the key itself.
    """
    op.add_column("claim_codes", sa.Column("home", sa.String(64)))
    op.add_column("people", sa.Column("look_key", sa.String(180)))
    connection = op.get_bind()
    found = sa.select(_people.c.id, _people.c.name, _people.c.name_key).order_by(_people.c.id)
    keyed = [(look_key(row.name), row) for row in connection.execute(found)]
    owners: dict[str, int] = {}
    for key, row in sorted(keyed, key=lambda one: one[0] != one[1].name_key):
        if key is not None:
            owners.setdefault(key, row.id)
    for key, person_id in owners.items():
        changed = sa.update(_people).where(_people.c.id == person_id)
        connection.execute(changed.values(look_key=key))
    op.create_index("ix_people_look_key", "people", ["look_key"], unique=True)
