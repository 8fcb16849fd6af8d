"""Go through the books."""

from yaguts.storage.audit import Finding, inconsistencies
from yaguts.storage.database import Database

__all__ = ["Finding", "audit"]


def audit(database: Database) -> tuple[Finding, ...]:
    """Everything in the books that contradicts something else there, at one moment."""
    with database.read() as connection:
        return tuple(inconsistencies(connection))
