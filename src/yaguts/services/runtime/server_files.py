"""Where the server keeps what does not belong into its database."""

from pathlib import Path

_SQLITE = "sqlite:///"


def beside(database_url: str, suffix: str) -> Path | None:
    """A place beside the database, named after it; None for a database in memory.

    PostgreSQL has no folder of its own here: the place is in the folder we were started in.
    """
    if not database_url.startswith("sqlite:"):
        return Path(f"yaguts{suffix}")
    path = database_url.removeprefix(_SQLITE).partition("?")[0]
    if not database_url.startswith(_SQLITE) or path in ("", ":memory:"):
        return None
    return Path(f"{path}{suffix}")
