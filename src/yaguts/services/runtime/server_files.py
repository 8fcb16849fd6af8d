"""Where the server keeps its files beside the database."""

from pathlib import Path

_SQLITE = "sqlite:///"


def beside(database_url: str, suffix: str) -> Path | None:
    """A path beside the database, named after it. None for a database in memory.

    For PostgreSQL it is in the working folder.
    """
    if not database_url.startswith("sqlite:"):
        return Path(f"yaguts{suffix}")
    path = database_url.removeprefix(_SQLITE).partition("?")[0]
    if not database_url.startswith(_SQLITE) or path in ("", ":memory:"):
        return None
    return Path(f"{path}{suffix}")
