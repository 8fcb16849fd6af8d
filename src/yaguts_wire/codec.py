"""Write a message as JSON, and read one. A *message* is a dict: see `messages`."""

import json
import sys

from yaguts_wire.values import Malformed, is_list, is_message

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from yaguts_wire.shapes import Growing, Message


class Entries:
    """A list of messages, each built when it is read: a small heap has no room for all."""

    def __init__(self, build: "Callable[[int], Message]", count: int) -> None:
        self._build = build
        self._count = count

    def __iter__(self) -> "Iterator[Message]":
        for place in range(self._count):
            yield self._build(place)


def _refuse(literal: str) -> "Any":
    raise ValueError(literal)


_spell: "Any" = json.dumps
_read: "Any" = json.loads
_AS_IT_IS = sys.implementation.name == "micropython"
"""MicroPython's `json` reads UTF-8 bytes, so they need not be decoded first."""
if not _AS_IT_IS:  # MicroPython does both of these anyway
    _spell = json.JSONEncoder(ensure_ascii=False).encode
    # NaN and the infinities are not JSON. `loads` would create a decoder at every call.
    _read = json.JSONDecoder(parse_constant=_refuse).decode


def encode(message: "Message") -> bytes:
    """The message as compact UTF-8 JSON with sorted keys: the same bytes on every Python.

    Fractions have three decimals at most.
    """
    text = bytearray()
    write(text, message)
    return bytes(text)


def decode(data: "bytes | bytearray") -> "Message":
    """The message in `data`. `Malformed` when it is not a JSON object."""
    try:
        text: "Any" = data if _AS_IT_IS else data.decode()
        message = _read(text)
    except (ValueError, RuntimeError, MemoryError):  # the last two: nested too deep
        raise Malformed("json") from None
    if not is_message(message):
        raise Malformed("json")
    return message


def write(text: "Growing", value: "Any") -> None:
    """Append the value as `encode` writes it. A small heap has no room for a copy."""
    # MicroPython's dicts keep no order, so the keys are sorted here.
    if is_message(value):
        text += b"{"
        for place, key in enumerate(sorted(value)):
            text += b"," if place else b""
            write(text, key)
            text += b":"
            write(text, value[key])
        text += b"}"
    elif is_list(value) or isinstance(value, Entries):
        text += b"["
        for place, entry in enumerate(value):
            text += b"," if place else b""
            write(text, entry)
        text += b"]"
    elif isinstance(value, float):
        text += _decimal(value).encode()
    else:
        text += _spell(value).encode()


def _decimal(value: float) -> str:
    # MicroPython would write 8.2 as 8.199999999999999.
    whole_part, rest = divmod(int(abs(value) * 1000 + 0.5), 1000)
    digits = ("%03d" % rest).rstrip("0") or "0"
    return "%s%d.%s" % ("-" if value < 0 else "", whole_part, digits)
