"""The statement that the two databases spell differently."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert


def insert_if_new(table: Table, *returned: Column[Any]) -> Mapping[str, ReturningInsert[Any]]:
    """Insert rows, except those that a UNIQUE rule refuses: one statement a dialect.

    Returns `returned` of the new rows. Every other broken rule raises.
    """
    return {
        "sqlite": sqlite.insert(table).on_conflict_do_nothing().returning(*returned),
        "postgresql": postgresql.insert(table).on_conflict_do_nothing().returning(*returned),
    }
