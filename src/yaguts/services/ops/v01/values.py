"""Single values of version 0.1, which SQLite keeps as whatever was written there."""

import math
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

_NO_TEXT = frozenset({"Cc", "Cs", "Co", "Cn"})
"""Categories of characters that no text here may hold."""


@dataclass(slots=True)
class Notes:
    """What an operator is told: what was left out, and what is otherwise than it was."""

    left_out: list[str] = field(default_factory=list[str])
    changed: list[str] = field(default_factory=list[str])


def cleaned(value: object, longest: int) -> str:
    """The text without what is no character, cut to a length, without space at its ends."""
    told = unicodedata.normalize("NFC", "" if value is None else str(value))
    kept = "".join(" " if c in "\t\r\n" else c for c in told)
    kept = "".join(c for c in kept if unicodedata.category(c) not in _NO_TEXT and c != "\ufffd")
    return kept.strip()[:longest].strip()


def number(value: object) -> float | None:
    """The number, if it is a finite one."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        told = float(str(value))
    except ValueError:
        return None
    return told if math.isfinite(told) else None


def whole(value: object) -> int | None:
    """The number without its fraction, if it is a finite one."""
    told = number(value)
    return None if told is None else int(told)


def moment(value: object, now: datetime) -> datetime | None:
    """The time, which version 0.1 wrote in UTC without saying so. None is later than now."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    told = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return min(told, now)


def within(value: int | None, least: int, most: int, otherwise: int) -> int:
    """The number, or the nearest that is allowed."""
    return otherwise if value is None else min(max(value, least), most)


def unlike(wanted: str, is_taken: Callable[[str], bool], longest: int) -> str:
    """The name, with a number behind it if it is taken: "Ana 2"."""
    name, count = wanted, 1
    while is_taken(name):
        count += 1
        ending = f" {count}"
        name = wanted[: longest - len(ending)].rstrip() + ending
    return name
