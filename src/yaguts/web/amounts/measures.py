"""Amounts in words: `2 colheres de chá`, `1/2 tsp`."""

from fractions import Fraction
from typing import Literal

from yaguts.domain.amounts.measures import Amount, Unit
from yaguts.translations.pages import page_text

_SHORT = {Unit.MILLIGRAM: "mg", Unit.GRAM: "g", Unit.KILOGRAM: "kg", Unit.OUNCE: "oz",
          Unit.POUND: "lb", Unit.MILLILITRE: "ml", Unit.NONE: "g"}  # fmt: skip
_COOKS_DENOMINATORS = (2, 3, 4, 8)


def amount_text(amount: Amount, language: Literal["pt_BR", "en"]) -> str:
    """The amount, without the upper end of its range. The reader reads it back."""
    quantity, unit = amount.quantity, amount.unit
    if unit in _SHORT:
        return f"{_decimal(quantity, language)} {_SHORT[unit]}"
    name = page_text(language, f"unit.{unit}", n=1 if quantity <= 1 else 2)
    return f"{_as_cooks_write(quantity, language)} {name}"


def _as_cooks_write(quantity: Fraction, language: str) -> str:
    whole, part = divmod(quantity, 1)
    if part == 0 or part.denominator not in _COOKS_DENOMINATORS:
        return _decimal(quantity, language)
    return f"{whole} {part}" if whole else str(part)


def _decimal(quantity: Fraction, language: str) -> str:
    text = f"{float(quantity):.3f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if language == "pt_BR" else text
