"""The secret key, without which short codes cannot be guessed from the database."""

from dataclasses import replace
from pathlib import Path

from yaguts.services.runtime.context import Randomness
from yaguts.services.runtime.files.server_files import beside, create_privately
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
        create_privately(file, new_token(randomness))
    return file.read_text(encoding="ascii").strip()
