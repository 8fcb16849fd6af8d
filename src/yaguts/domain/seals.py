"""The seals of the audit log: a chain of hashes, one for each entry, in which each holds the last.

Whoever changes, removes or inserts an entry must change every later seal too; the high-water mark
beside the database knows the last one. What tells of a person enters the chain as a commitment, a
hash of a salt and the text. When the salt and the text are gone, nobody can say what it was, and
the chain is whole.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry of the audit log as the database holds it. `personal`: field to commitment."""

    id: int
    what: str
    at: datetime
    kitchen_id: int | None
    person_id: int | None
    about: Mapping[str, int | str]
    personal: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Seal:
    """The seal of one entry. `at`: when the entry was made. `previous`: the seal before, or ""."""

    number: int
    entry_id: int
    at: datetime
    entry_hash: str
    previous: str
    seal: str


@dataclass(frozen=True, slots=True)
class Tail:
    """The last seal: how many there were, and its hash."""

    number: int = 0
    seal: str = ""


def commitment(salt: str, text: str) -> str:
    """What the chain holds in place of a text."""
    return _hash(salt, text)


def entry_hash(entry: StoredEntry) -> str:
    """The hash of everything that an entry says."""
    return _hash(
        entry.id,
        entry.what,
        _moment(entry.at),
        entry.kitchen_id,
        entry.person_id,
        dict(entry.about),
        dict(entry.personal or {}),
    )


def chained(entries: Iterable[StoredEntry], tail: Tail) -> Iterator[Seal]:
    """Seals for the entries, behind the last one."""
    for entry in entries:
        number, of = tail.number + 1, entry_hash(entry)
        seal = _seal(number, entry.id, entry.at, of, tail.seal)
        yield Seal(number, entry.id, entry.at, of, tail.seal, seal)
        tail = Tail(number, seal)


def is_whole(seal: Seal) -> bool:
    """Whether the seal is the hash of what it says."""
    expected = _seal(seal.number, seal.entry_id, seal.at, seal.entry_hash, seal.previous)
    return seal.seal == expected


def follows(seal: Seal, tail: Tail) -> bool:
    """Whether the seal is the next one."""
    return (seal.number, seal.previous) == (tail.number + 1, tail.seal)


def _seal(number: int, entry_id: int, at: datetime, of: str, previous: str) -> str:
    return _hash(number, entry_id, _moment(at), of, previous)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _hash(*said: object) -> str:
    return sha256(json.dumps(said, sort_keys=True).encode("ascii")).hexdigest()
