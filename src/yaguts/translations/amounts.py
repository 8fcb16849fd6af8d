"""Amounts as people write them."""

from yaguts.domain.units import MicrogramsPerSecond, Milligrams, Milliseconds

_DECIMAL_MARK = {"pt_BR": ",", "en": "."}
_SECOND = {"pt_BR": "segundo", "en": "second"}
_MINUTE = {"pt_BR": "minuto", "en": "minute"}
_IN_SECONDS = 90
_LEAST_TOLD, _A_LOT = 10, 100_000
"""Milligrams: what the machine can tell apart at best, and what is read in whole grams."""


def grams(amount: Milligrams, language: str) -> str:
    """For example `7,7 g` of 7,732 g, or `0,38 g`: to what the machine can tell, nearest."""
    step = _told_apart(amount)
    sign = -1 if amount < 0 else 1
    return exact_grams(Milligrams(sign * _rounded(abs(amount), step)), language)


def grams_at_least(amount: Milligrams, language: str) -> str:
    """For example `7,7 g` of 7,732 g: rounded down to what the machine can tell."""
    step = _told_apart(amount)
    return exact_grams(Milligrams(amount // step * step), language)


def grams_at_most(amount: Milligrams, language: str) -> str:
    """For example `7,8 g` of 7,732 g: rounded up to what the machine can tell."""
    step = _told_apart(amount)
    return exact_grams(Milligrams(-(-amount // step) * step), language)


def rounded_grams(amount: Milligrams, language: str) -> str:
    """For example `86,3 g` or `212 g`: what can be read at a glance."""
    if abs(amount) < _A_LOT:
        return grams(amount, language)
    sign = "-" if amount < 0 else ""
    return f"{sign}{_rounded(abs(amount), 1000) // 1000} g"


def exact_grams(amount: Milligrams, language: str) -> str:
    """For example `4,5 g` or `4,125 g`, for what somebody typed: as many decimals as needed, at
    least one.
    """
    whole, thousandths = divmod(abs(amount), 1000)
    decimals = f"{thousandths:03}".rstrip("0") or "0"
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole}{_DECIMAL_MARK[language]}{decimals} g"


def both_grams(before: Milligrams, now: Milligrams, language: str) -> tuple[str, str]:
    """Two amounts that differ, in words that differ too."""
    one, other = grams(before, language), grams(now, language)
    if one != other or before == now:
        return one, other
    return exact_grams(before, language), exact_grams(now, language)


def _told_apart(amount: Milligrams) -> int:
    """The step that the machine can tell: a hundredth of a gram, from a gram on a tenth. What is
    less than a hundredth is written as it is.
    """
    if abs(amount) < _LEAST_TOLD:
        return 1
    return _LEAST_TOLD if abs(amount) < 1000 else 100


def _rounded(amount: int, step: int) -> int:
    return (2 * amount + step) // (2 * step) * step


def seconds(duration: Milliseconds, language: str) -> str:
    """For example `4,5 s`: tenths, never less than one."""
    tenths = max(1, (duration + 50) // 100)
    return f"{tenths // 10}{_DECIMAL_MARK[language]}{tenths % 10} s"


def plain_grams(amount: Milligrams, language: str) -> str:
    """The text of an input for grams: `4,5`."""
    return exact_grams(amount, language).removesuffix(" g")


def plain_seconds(duration: Milliseconds, language: str) -> str:
    """The text of an input for seconds: `4,5`."""
    return seconds(duration, language).removesuffix(" s")


def grams_per_second(rate: MicrogramsPerSecond, language: str) -> str:
    """For example `0,8333`, in grams: as many decimals as needed."""
    whole, millionths = divmod(rate, 1_000_000)
    decimals = f"{millionths:06}".rstrip("0") or "0"
    return f"{whole}{_DECIMAL_MARK[language]}{decimals}"


def rounded_rate(rate: MicrogramsPerSecond, language: str) -> str:
    """For example `1,004` or `0,8333`: four digits, which is what a scale can tell."""
    step = 10 ** max(0, len(str(rate)) - 4)
    return grams_per_second(MicrogramsPerSecond((2 * rate + step) // (2 * step) * step), language)


def whole_seconds(duration: Milliseconds) -> str:
    """For example `181 s`, rounded up."""
    return f"{-(-duration // 1000)} s"


def wait(whole: int, language: str) -> str:
    """For example `45 segundos` or `15 minutos`, of a number of seconds, rounded up."""
    short = whole <= _IN_SECONDS
    count, unit = (whole, _SECOND) if short else (-(-whole // 60), _MINUTE)
    return f"{count} {unit[language]}{'' if count == 1 else 's'}"


def rounded_time(duration: Milliseconds) -> str:
    """For example `25 s` or `3 min`: rounded up to what somebody who waits wants to know."""
    whole = -(-duration // 1000)
    if whole <= 10:
        return f"{whole} s"
    if whole <= 90:
        return f"{-(-whole // 5) * 5} s"
    return f"{-(-whole // 60)} min"
