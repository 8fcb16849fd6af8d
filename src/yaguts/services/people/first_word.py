"""The word for the first account of a server that others can reach.

Whoever registers first has the server. The word shows that they are who started it: it is printed
there. It lies in a file beside the database, which all processes of the server read, and which is
removed when the word was used. Without the file nobody needs a word.
"""

import hmac
from base64 import b32encode
from pathlib import Path

from yaguts.domain.errors import WrongWord
from yaguts.services.runtime.context import Randomness, Site
from yaguts.services.runtime.files.server_files import beside, create_privately
from yaguts.settings import Settings
from yaguts.storage import people
from yaguts.storage.db.database import Database

_BYTES = 5
"""40 bits, as eight letters and digits. Guesses are limited by address."""


def word_at_start(settings: Settings, randomness: Randomness, *, reachable: bool) -> str | None:
    """The word that the first account will need, if it needs one.

    `reachable`: others can reach the server. A restart keeps the word.
    """
    file = beside(settings, ".word")
    if file is None:
        return None
    if not reachable or settings.registration != "first" or _has_accounts(settings):
        file.unlink(missing_ok=True)
        return None
    if not file.exists():
        create_privately(file, b32encode(randomness(_BYTES)).decode().lower())
    return _read(file)


def is_word_needed(site: Site) -> bool:
    """Whether the next account needs the word, unless it is invited."""
    return _kept(site) is not None


def insist_on_word(site: Site, typed: str | None) -> None:
    """Raises `WrongWord` when a word is needed and this is not it. Case and spaces don't count."""
    word = _kept(site)
    said = "".join((typed or "").split()).lower()
    if word is not None and not hmac.compare_digest(word.encode(), said.encode()):
        raise WrongWord


def word_was_used(site: Site) -> None:
    """Nobody needs the word any more."""
    file = beside(site.settings, ".word")
    if file is not None:
        file.unlink(missing_ok=True)


def _kept(site: Site) -> str | None:
    file = beside(site.settings, ".word")
    return None if file is None or site.settings.registration != "first" else _read(file)


def _read(file: Path) -> str | None:
    try:
        return file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None


def _has_accounts(settings: Settings) -> bool:
    database = Database(settings.database_url)
    try:
        with database.read() as connection:
            return people.count(connection) > 0
    finally:
        database.close()
