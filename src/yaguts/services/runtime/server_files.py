"""Where the server keeps its files beside the database."""

from pathlib import Path

from yaguts.storage.db.copies import sqlite_file


def beside(database_url: str, suffix: str) -> Path | None:
    """A path beside the database, named after it. None for a database in memory.

    For PostgreSQL it is in the working folder.
    """
    if not database_url.startswith("sqlite:"):
        return Path(f"yaguts{suffix}")
    file = sqlite_file(database_url)
    return None if file is None else Path(f"{file}{suffix}")
