"""Pydantic's errors of each field, in the person's language and safe to send back.

The values are not repeated: they may be huge, secret, or (NaN) not JSON.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from yaguts.translations import Language, translated
from yaguts_wire import words as w

MOST = 20
"""The most errors that one answer lists."""
LONGEST_KEY = 60
"""The longest key that is repeated, in characters."""

_IN_GRAMS = {
    w.QUANTITY,
    w.QUANTITY_G,
    w.STOCK_G,
    w.CAPACITY_G,
    "quantity",
    "stock",
    "capacity",
    "weight",
    "amount",
}
"""The keys of weights, on the wire and in the pages' forms. There people may type kilograms."""

# Type of Pydantic's error -> code of the text, and the constraint that the text names.
_TEXT_CODES: Mapping[str, tuple[str, str | None]] = {
    "missing": ("field.missing", None),
    "float_type": ("field.number", None),
    "float_parsing": ("field.number", None),
    "finite_number": ("field.number", None),
    "int_type": ("field.whole", None),
    "int_parsing": ("field.whole", None),
    "int_parsing_size": ("field.whole", None),
    "int_from_float": ("field.whole", None),
    "string_type": ("field.text", None),
    "string_unicode": ("field.characters", None),
    "characters": ("field.characters", None),
    "list_type": ("field.list", None),
    "dict_type": ("field.object", None),
    "model_type": ("field.object", None),
    "model_attributes_type": ("field.object", None),
    "bool_type": ("field.flag", None),
    "bool_parsing": ("field.flag", None),
    "greater_than_equal": ("field.at_least", "ge"),
    "less_than_equal": ("field.at_most", "le"),
    "greater_than": ("field.above", "gt"),
    "less_than": ("field.below", "lt"),
    "string_too_short": ("field.too_short", "min_length"),
    "too_short": ("field.too_few", "min_length"),
    "string_too_long": ("field.too_long", "max_length"),
    "too_long": ("field.too_many", "max_length"),
    "too_large": ("field.too_large", None),
    "literal_error": ("field.choice", None),
    "string_pattern_mismatch": ("field.choice", None),
    "steps": ("field.steps", None),
    "uncertain": ("field.uncertain", None),
}


def field_errors(
    errors: Iterable[Mapping[str, Any]], language: Language = "pt_BR"
) -> list[dict[str, Any]]:
    """Return the errors as `[{type, loc, msg}]`, as FastAPI lists them."""
    return [_field_error(error, language) for error, _ in zip(errors, range(MOST), strict=False)]


def _field_error(error: Mapping[str, Any], language: Language) -> dict[str, Any]:
    code, constraint = _TEXT_CODES.get(error["type"], ("field", None))
    limit = error.get("ctx", {}).get(constraint) if constraint else None
    is_blank = error["type"].endswith("_parsing") and error.get("input") == ""
    if is_blank or (constraint == "min_length" and limit == 1):
        code = "field.empty"
    unit = " g" if error["loc"] and error["loc"][-1] in _IN_GRAMS else ""
    return {
        "type": error["type"],
        "loc": [_shortened(part) for part in error["loc"]],
        "msg": translated(code, language, limit=_number(limit, language) + unit),
    }


def _shortened(part: str | int) -> str | int:
    return part[:LONGEST_KEY] if isinstance(part, str) else part


def _number(limit: float | None, language: Language) -> str:
    """Format a limit: `0.1` is `0,1` in Portuguese, and `500.0` is `500`."""
    text = "" if limit is None else f"{limit:.12g}"
    return text.replace(".", ",") if language == "pt_BR" else text
