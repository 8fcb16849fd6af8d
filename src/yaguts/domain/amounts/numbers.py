"""Numbers written in digits: what `1.000`, `1,5` and `1,250.5` can mean."""

import re
from fractions import Fraction

_DECIMAL_MARK = {"pt_BR": ",", "en": "."}
_MOST_DIGITS = 12
_GROUPS = re.compile(r"[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*")
"""Thousands, such as `1.000` and `12,500,000`."""
_ONE_MARK = re.compile(r"\d*[.,]\d+")
_BOTH_MARKS = re.compile(r"([1-9]\d{0,2}(?:([.,])\d{3})+)(?!\2)[.,](\d+)")


def values(text: str, language: str) -> tuple[Fraction, ...]:
    """What the digits can mean, thousands first. Empty when they mean nothing."""
    if sum(one.isdigit() for one in text) > _MOST_DIGITS:
        return ()
    if text.isdecimal():
        return (Fraction(text),)
    if _BOTH_MARKS.fullmatch(text):
        return (Fraction(_plain(text[: _last_mark(text)]) + "." + text[_last_mark(text) + 1 :]),)
    found: list[Fraction] = []
    groups = _GROUPS.fullmatch(text)
    marks = sum(one in ".," for one in text)
    if groups and (marks > 1 or groups[1] != _DECIMAL_MARK[language]):
        found.append(Fraction(_plain(text)))
    if _ONE_MARK.fullmatch(text):
        found.append(Fraction("0" + text.replace(",", ".")))
    return tuple(found)


def _plain(text: str) -> str:
    return text.replace(".", "").replace(",", "")


def _last_mark(text: str) -> int:
    return max(text.rfind("."), text.rfind(","))
