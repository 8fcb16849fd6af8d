"""Checks a JSON body (UTF-8, finite numbers, bounded nesting), or reads what it can of one."""

import json
import math
from typing import NoReturn

Json = dict[str, "Json"] | list["Json"] | str | float | bool | None

DEEPEST = 16
LARGEST_INTEGER = 2**63 - 1


class BadJson(ValueError):
    """The body is not acceptable JSON. `code` is the error code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_json(body: bytes) -> None:
    """Check a body. Raises BadJson if it is not acceptable JSON."""
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
    _check_value(value, 1)


def read_leniently(body: bytes) -> Json:
    """What a body says, or None if it is not JSON.

    Numbers that are too large are infinite or NaN. Bytes that are not UTF-8 become U+FFFD. Strings
    may hold control characters and lone surrogates, so none from here may be stored as it is.
    """
    try:
        return _LENIENT_DECODER.decode(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return None


def _refuse(_literal: str) -> NoReturn:
    raise BadJson("request.bad_number")


def _integer(digits: str) -> int:
    # Check the length first: Python is slow to read thousands of digits, or refuses to.
    if len(digits) > 20 or abs(int(digits)) > LARGEST_INTEGER:
        raise BadJson("request.bad_number")
    return int(digits)


def _decimal(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):  # 1e999
        raise BadJson("request.bad_number")
    return value


_DECODER = json.JSONDecoder(parse_constant=_refuse, parse_int=_integer, parse_float=_decimal)


def _integer_or_nan(digits: str) -> float:
    try:
        return _integer(digits)
    except BadJson:
        return math.nan


_LENIENT_DECODER = json.JSONDecoder(parse_int=_integer_or_nan, strict=False)


def _check_value(value: Json, depth: int) -> None:
    if depth > DEEPEST:
        raise BadJson("request.too_deep")
    if isinstance(value, str):
        _check_encodable(value)
    elif isinstance(value, list):
        for element in value:
            _check_value(element, depth + 1)
    elif isinstance(value, dict):
        for key, element in value.items():
            _check_encodable(key)
            _check_value(element, depth + 1)


def _check_encodable(value: str) -> None:
    """Refuse lone surrogates (`\\ud800`), which no database and no answer can hold."""
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise BadJson("request.not_text") from None
