"""The secret key, without which short codes cannot be guessed from the database."""

import os
import tempfile
from dataclasses import replace
from pathlib import Path

from yaguts.services.runtime.context import Randomness
from yaguts.services.runtime.server_files import beside
from yaguts.services.runtime.tokens import new_token
from yaguts.settings import Settings


def with_secret_key(settings: Settings, randomness: Randomness) -> Settings:
    """The settings with a secret key: the given one, or the one in a file beside the database.

    A database in memory gets a key for its lifetime. For PostgreSQL the file is in the data
    folder. Servers on several machines must be given the same key.
    """
    if settings.secret_key:
        return settings
    file = beside(settings, ".key")
    key = new_token(randomness) if file is None else _from_file(file, randomness)
    return replace(settings, secret_key=key)


def _from_file(file: Path, randomness: Randomness) -> str:
    if not file.exists():
        _create(file, new_token(randomness))
    return file.read_text(encoding="ascii").strip()


def _create(file: Path, key: str) -> None:
    """Write the key file, readable by its owner alone, and never half written.

    Of several processes that start together, the first one's key counts.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent)  # The mode is 0600.
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as opened:
            opened.write(key + "\n")
            opened.flush()
            os.fsync(opened.fileno())
        os.link(temporary, file)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
