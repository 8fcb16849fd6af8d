"""Databases of version 0.1 come into PostgreSQL in `make test-more`."""

from tests.support.database_in_time import database_url

__all__ = ["database_url"]
