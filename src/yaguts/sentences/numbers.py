"""Amounts as people write them."""

from yaguts.domain.units import Milligrams, Milliseconds

_DECIMAL_MARK = {"pt_BR": ",", "en": "."}


def grams(amount: Milligrams, language: str) -> str:
    """For example `4,5 g`: as many decimals as it takes, at least one."""
    whole, thousandths = divmod(abs(amount), 1000)
    decimals = f"{thousandths:03}".rstrip("0") or "0"
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole}{_DECIMAL_MARK[language]}{decimals} g"


def whole_seconds(duration: Milliseconds) -> str:
    """For example `181 s`, rounded up."""
    return f"{-(-duration // 1000)} s"
