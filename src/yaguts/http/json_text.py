"""What may come in as JSON: UTF-8, numbers that are numbers, and not nested without end."""

import json
import math
from typing import NoReturn

Json = dict[str, "Json"] | list["Json"] | str | float | bool | None

DEEPEST = 16
LONGEST_WHOLE = 2**63 - 1


class BadJson(ValueError):
    """`code`: which sentence says what is wrong."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def insist_on_json(body: bytes) -> None:
    """`BadJson` if it is not JSON that the code behind may be given."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise BadJson("request.not_text") from None
    try:
        value: Json = _DECODER.decode(text)
    except RecursionError:
        raise BadJson("request.too_deep") from None
    except json.JSONDecodeError:
        raise BadJson("request.not_json") from None
    _insist(value, 1)


def _refuse(_literal: str) -> NoReturn:
    raise BadJson("request.bad_number")


def _whole(digits: str) -> int:
    # The length first: thousands of digits take long to read, and Python refuses to.
    if len(digits) > 20 or abs(int(digits)) > LONGEST_WHOLE:
        raise BadJson("request.bad_number")
    return int(digits)


def _decimal(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):  # 1e999
        raise BadJson("request.bad_number")
    return value


_DECODER = json.JSONDecoder(parse_constant=_refuse, parse_int=_whole, parse_float=_decimal)


def _insist(value: Json, depth: int) -> None:
    if depth > DEEPEST:
        raise BadJson("request.too_deep")
    if isinstance(value, str):
        _insist_on_text(value)
    elif isinstance(value, list):
        for entry in value:
            _insist(entry, depth + 1)
    elif isinstance(value, dict):
        for key, entry in value.items():
            _insist_on_text(key)
            _insist(entry, depth + 1)


def _insist_on_text(value: str) -> None:
    """JSON can spell half a character (`\\ud800`), which no database and no answer can hold."""
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise BadJson("request.not_text") from None
