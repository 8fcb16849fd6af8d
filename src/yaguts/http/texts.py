"""Checks the characters of a text. The OpenAPI document shows them as a pattern."""

import re
import unicodedata
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

_UNPRINTABLE = r"\x00-\x1f\x7f-\x9f\ue000-\uf8ff\ufdd0-\ufdef\ufffd-\uffff"
"""Control, private-use and non-characters. The JSON check refuses surrogates before."""
_ANY, _NOT_BLANK = f"[^{_UNPRINTABLE}]*", rf"[^{_UNPRINTABLE}\s]"


def trimmed(longest: int, shortest: int = 1) -> StringConstraints:
    """Bound the length in characters, without the spaces at both ends."""
    return StringConstraints(strip_whitespace=True, min_length=shortest, max_length=longest)


class _Printable:
    """Refuses unprintable characters. It stands after `trimmed` but runs before it."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_printable, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        shown = handler(schema)
        blank = not shown.get("minLength")
        return {**shown, "pattern": f"^{_ANY}$" if blank else f"^{_ANY}{_NOT_BLANK}{_ANY}$"}


PRINTABLE = _Printable()


def _printable(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    if re.search(f"[{_UNPRINTABLE}]", text):
        raise PydanticCustomError("characters", "printable characters")
    return unicodedata.normalize("NFC", text)
