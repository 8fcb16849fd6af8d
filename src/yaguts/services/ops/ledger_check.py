"""The ledger check."""

from yaguts.storage.db.database import Database
from yaguts.storage.ledger_check import Finding, inconsistencies

__all__ = ["Finding", "check_ledger"]


def check_ledger(database: Database) -> tuple[Finding, ...]:
    """Everything in the ledger that contradicts something else there, at one moment."""
    with database.read() as connection:
        return tuple(inconsistencies(connection))
