"""The audit log is sealed, and what it says of people lies apart, where it can be removed.

SQLite's `INSERT OR REPLACE` and PostgreSQL's `TRUNCATE` went past the guards of before. The seals
of the entries that are there already are made by the first server.
"""

import sqlalchemy as sa
from alembic import op

from yaguts.domain.seals import commitment
from yaguts.storage.db.types import UtcDateTime

revision = "0022"
down_revision = "0021"

_GUARDED = ("trail", "trail_seals", "trail_personal")
_OLD_ENOUGH = "coalesce(old.at < (SELECT datetime(until, '-400 days') FROM lived_through), 0)"
_SALT = {
    "sqlite": "lower(hex(randomblob(16)))",
    "postgresql": "replace(gen_random_uuid()::text, '-', '')",
}
_TRAIL = sa.table(
    "trail",
    sa.column("id"),
    sa.column("person_id"),
    sa.column("address"),
    sa.column("about", sa.JSON),
    sa.column("personal", sa.JSON),
)
_PEOPLE = sa.table("people", sa.column("id"), sa.column("name"))


def upgrade() -> None:
    """Two tables more, and guards for all three."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        op.execute("DROP TRIGGER trail_stays")
        op.execute("DROP TRIGGER trail_is_kept")
    else:
        op.execute("DROP TRIGGER trail_stays ON trail")
    op.add_column("trail", sa.Column("personal", sa.JSON))
    _make_tables()
    _put_apart()
    op.drop_column("trail", "address")
    if is_sqlite:
        _guard_sqlite()
    else:
        _guard_postgresql()


def _make_tables() -> None:
    op.create_table(
        "trail_personal",
        sa.Column("entry_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("field", sa.String(16), nullable=False),
        sa.Column("person_id", sa.Integer),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("text", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["trail.id"], name="fk_trail_personal_entry_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_trail_personal_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entry_id", "field", name="pk_trail_personal"),
    )
    op.create_index("ix_trail_personal_person_id", "trail_personal", ["person_id"])
    op.create_table(
        "trail_seals",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("entry_id", sa.Integer, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("entry_hash", sa.String(64), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_trail_seals"),
        sa.UniqueConstraint("entry_id", name="uq_trail_seals_entry_id"),
    )
    op.create_index("ix_trail_seals_at", "trail_seals", ["at"])


def _put_apart() -> None:
    """Move addresses and names out of the entries, and leave commitments there."""
    connection = op.get_bind()
    salt = sa.text(f"SELECT {_SALT[connection.dialect.name]}")
    numbers = {row.name: row.id for row in connection.execute(sa.select(_PEOPLE))}
    keep = sa.text(
        "INSERT INTO trail_personal (entry_id, field, person_id, salt, text)"
        " VALUES (:entry_id, :field, :person_id, :salt, :text)"
    )
    entries = sa.select(_TRAIL.c.id, _TRAIL.c.person_id, _TRAIL.c.address, _TRAIL.c.about)
    for entry_id, person_id, address, about in connection.execute(entries).all():
        named = numbers.get(about.get("name"))
        texts = {"address": (address, person_id or named), "name": (about.get("name"), named)}
        commitments: dict[str, str] = {}
        for field, (text, of) in texts.items():
            if text is not None:
                row = {"entry_id": entry_id, "field": field, "person_id": of, "text": text}
                row["salt"] = connection.execute(salt).scalar_one()
                connection.execute(keep, row)
                commitments[field] = commitment(row["salt"], text)
        if commitments:
            without = {word: value for word, value in about.items() if word != "name"}
            changed = {"about": without, "personal": commitments}
            this = _TRAIL.c.id == entry_id
            connection.execute(sa.update(_TRAIL).where(this).values(**changed))


def _guard_sqlite() -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'the trail is only added to'); END"
    keys = {
        "trail": "id = new.id",
        "trail_seals": "number = new.number OR entry_id = new.entry_id",
        "trail_personal": "entry_id = new.entry_id AND field = new.field",
    }
    for table in _GUARDED:
        op.execute(f"CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} {refuse}")
        # `INSERT OR REPLACE` removes what is in its way, and no trigger hears of it.
        op.execute(
            f"CREATE TRIGGER {table}_is_new BEFORE INSERT ON {table}"
            f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {keys[table]}) {refuse}"
        )
    for table in ("trail", "trail_seals"):
        op.execute(
            f"CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table}"
            f" WHEN NOT {_OLD_ENOUGH} {refuse}"
        )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_to_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'the trail is only added to'"
        " USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table in ("trail", "trail_seals"):
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION guard_trail()"
        )
    op.execute(
        "CREATE TRIGGER trail_personal_stays BEFORE UPDATE ON trail_personal"
        " FOR EACH ROW EXECUTE FUNCTION refuse_to_change()"
    )
    for table in _GUARDED:
        op.execute(
            f"CREATE TRIGGER {table}_is_kept BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change()"
        )
