"""Read a release's manifest piece by piece. Pure. Only a signed one is read.

A heap of the board's size has no room for all of it, so that its facts and the entry of each file
are read apart. `ReleaseRefused` says why a release is not taken.
"""

import json

from yaguts_device.net.errors import ReleaseRefused
from yaguts_wire import update_words as u

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from yaguts_wire.shapes import Message

_LONGEST_FACTS = 2048
_LONGEST_ENTRY = 512
_BETWEEN = b", \t\r\n"
_PACKAGES = ("yaguts_device/", "yaguts_wire/")
_OF_NAMES = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/"
_ENDS = ("mpy", "html")


def read_facts(pieces: "Iterable[bytes]") -> "Message":
    """All of the manifest but its files. `ReleaseRefused` when it is malformed."""
    text = b""
    in_list = False
    for piece in pieces:
        rest = piece
        while rest:
            before, mark, rest = rest.partition(b"]" if in_list else b"[")
            if not in_list:
                text += before
            if mark:
                text += mark
                in_list = not in_list
        if len(text) > _LONGEST_FACTS:
            raise ReleaseRefused(u.MALFORMED)
    return _object(text)


def read_entries(pieces: "Iterable[bytes]") -> "Iterator[tuple[str, int, str]]":
    """(path, size, SHA-256 in hex) of each file. `ReleaseRefused` when one may not be there."""
    count = total = 0
    last = ""
    for entry in _entries(pieces):
        path, digest = entry.get("path"), entry.get("sha256")
        size = _checked_size(entry.get("size"))
        count, total = count + 1, total + size
        if count > u.MAX_FILES:
            raise ReleaseRefused(u.TOO_MANY)
        if total > u.MAX_RELEASE_BYTES:
            raise ReleaseRefused(u.TOO_LARGE)
        if not isinstance(path, str) or not is_inside(path):
            raise ReleaseRefused(u.BAD_PATH)
        if path <= last or not isinstance(digest, str) or len(digest) != 64:
            raise ReleaseRefused(u.MALFORMED)
        last = path
        yield path, size, digest


def _entries(pieces: "Iterable[bytes]") -> "Iterator[Message]":
    held = b""
    in_list = False
    for piece in pieces:
        held += piece
        if not in_list:
            held, mark, rest = held.partition(b"[")
            held = rest if mark else b""
            in_list = bool(mark)
        while in_list:
            held = held.lstrip(_BETWEEN)
            if held[:1] == b"]":
                return
            entry, mark, rest = held.partition(b"}")
            if not mark:
                break
            yield _object(entry + mark)
            held = rest
        if len(held) > _LONGEST_ENTRY + len(piece):
            break
    raise ReleaseRefused(u.MALFORMED)


def _object(text: bytes) -> "Message":
    try:
        told: "Any" = json.loads(text.decode())
    except (ValueError, RuntimeError):
        told = None
    if not isinstance(told, dict):
        raise ReleaseRefused(u.MALFORMED)
    return told  # type: ignore[return-value]


def _checked_size(size: "Any") -> int:
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise ReleaseRefused(u.MALFORMED)
    return size


def is_inside(path: str) -> bool:
    """Whether the path can only lead to a module or a page of the firmware, in the slot."""
    name, _, end = path.rpartition(".")
    return (
        (path.startswith(_PACKAGES[0]) or path.startswith(_PACKAGES[1]))  # noqa: PIE810
        and end in _ENDS
        and "//" not in name
        and not name.endswith("/")
        and all([char in _OF_NAMES for char in name])
    )


def release_number(facts: "Message") -> int:
    """The number of the release; 0 of a firmware that came by cable and is none."""
    number = facts.get(u.RELEASE)
    return number if isinstance(number, int) and 0 < number < 1 << 31 else 0
