"""Alembic runs this file to migrate. The connection, inside a transaction, comes from `migrate`."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
