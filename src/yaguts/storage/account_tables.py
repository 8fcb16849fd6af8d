"""Tables about accounts: sessions, links for new passwords, and where accounts came from."""

from sqlalchemy import CheckConstraint, Column, Integer, String, Table

from yaguts.storage.db.constraints import of_a_person
from yaguts.storage.db.metadata import metadata
from yaguts.storage.db.types import UtcDateTime

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    of_a_person("person_id"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
)

# Links with which somebody may choose a new password, once.
password_resets = Table(
    "password_resets",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    of_a_person("person_id"),
    Column("expires_at", UtcDateTime, nullable=False),
)

# The database of version 0.1 that was imported, if one was. `digest` is that of its rows.
imports = Table(
    "imports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    CheckConstraint("id = 1", name="one"),
)
