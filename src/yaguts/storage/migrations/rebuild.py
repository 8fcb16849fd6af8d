"""Change a rule of an existing table. SQLite has to rebuild the table; PostgreSQL does not."""

from alembic import op
from sqlalchemy import text

_MADE = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
_WITH_IT = text(
    "SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND tbl_name = :name"
    " AND sql IS NOT NULL"
)


def rebuild(table: str, *changes: tuple[str, str]) -> None:
    """Rebuild a table of SQLite's with these changes to the statement that made it.

    Rows, indexes and triggers stay. Foreign keys must be off meanwhile, or rows of other tables are
    deleted.
    """
    connection = op.get_bind()
    assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 0
    made = connection.execute(_MADE, {"name": table}).scalar_one()
    with_it = connection.execute(_WITH_IT, {"name": table}).scalars().all()
    for old, new in changes:
        assert old in made, old
        made = made.replace(old, new)
    connection.exec_driver_sql(made.replace(table, f"{table}_anew", 1))
    connection.exec_driver_sql(f"INSERT INTO {table}_anew SELECT * FROM {table}")
    connection.exec_driver_sql(f"DROP TABLE {table}")
    connection.exec_driver_sql(f"ALTER TABLE {table}_anew RENAME TO {table}")
    for statement in with_it:
        connection.exec_driver_sql(statement)
