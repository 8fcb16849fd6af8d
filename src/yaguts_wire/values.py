"""Read and check single values of a message, and convert amounts. `Malformed` names the key."""

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any, TypeGuard

    from yaguts_wire.shapes import Message

MAX_ID = 2**31 - 1


class Malformed(ValueError):
    """A message breaks the contract. `key` names the value at fault."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def grams(mg: int) -> float:
    """Milligrams as decimal grams."""
    return mg / 1000


def seconds(ms: int) -> float:
    """Milliseconds as decimal seconds."""
    return ms / 1000


def thousandths(message: "Message", key: str, highest: int) -> int:
    """The decimal number under `key`, as whole thousandths between 0 and `highest`."""
    value = message.get(key)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Malformed(key)
    if not 0 <= value <= highest / 1000:  # also refuses NaN and the infinities
        raise Malformed(key)
    return int(value * 1000 + 0.5)


def whole(message: "Message", key: str, lowest: int, highest: int) -> int:
    """The whole number under `key`."""
    value = message.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        raise Malformed(key)
    return value


def identity(message: "Message", key: str) -> int:
    """The id under `key`."""
    return whole(message, key, 1, MAX_ID)


def word(message: "Message", key: str, longest: int) -> str:
    """The text under `key`, neither empty nor longer than so many characters.

    It can be sent back: see `is_sendable`.
    """
    value = message.get(key)
    if not isinstance(value, str) or not 1 <= len(value) <= longest or not is_sendable(value):
        raise Malformed(key)
    return value


def is_sendable(text: str) -> bool:
    """Whether the text can be sent and stored: no control characters, no lone surrogates.

    MicroPython also reads UTF-8 that is longer than it need be, which nobody else does.
    """
    size = 0
    for char in text:
        code = ord(char)
        if code < 32 or 127 <= code < 160 or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
            return False
        size += 1 + (code > 0x7F) + (code > 0x7FF) + (code > 0xFFFF)
    return size == len(text.encode())


def optional_word(message: "Message", key: str, longest: int) -> "str | None":
    """The text under `key`, or None."""
    return None if message.get(key) is None else word(message, key, longest)


def part(message: "Message", key: str) -> "Message":
    """The message inside the message."""
    value = message.get(key)
    if not is_message(value):
        raise Malformed(key)
    return value


def parts(message: "Message", key: str) -> "list[Message]":
    """The list of messages inside the message."""
    values = message.get(key)
    if not is_list(values) or not all(is_message(value) for value in values):
        raise Malformed(key)
    return values


def is_message(value: "Any") -> "TypeGuard[Message]":
    """Whether it is a JSON object."""
    return isinstance(value, dict)


def is_list(value: "Any") -> "TypeGuard[list[Any]]":
    """Whether it is a JSON array."""
    return isinstance(value, list)
