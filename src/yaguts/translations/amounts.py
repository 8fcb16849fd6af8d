"""Amounts as people write them."""

from yaguts.domain.units import MicrogramsPerSecond, Milligrams, Milliseconds

_DECIMAL_MARK = {"pt_BR": ",", "en": "."}


def grams(amount: Milligrams, language: str) -> str:
    """For example `4,5 g`: as many decimals as needed, at least one."""
    whole, thousandths = divmod(abs(amount), 1000)
    decimals = f"{thousandths:03}".rstrip("0") or "0"
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole}{_DECIMAL_MARK[language]}{decimals} g"


def rounded_grams(amount: Milligrams, language: str) -> str:
    """For example `86,3 g` or `212 g`: rounded to what can be read at a glance."""
    step = 100 if abs(amount) < 100_000 else 1000
    rounded = (2 * amount + step) // (2 * step) * step
    return grams(Milligrams(rounded), language) if step == 100 else f"{rounded // 1000} g"


def seconds(duration: Milliseconds, language: str) -> str:
    """For example `4,5 s`: tenths, never less than one."""
    tenths = max(1, (duration + 50) // 100)
    return f"{tenths // 10}{_DECIMAL_MARK[language]}{tenths % 10} s"


def plain_grams(amount: Milligrams, language: str) -> str:
    """The text of an input for grams: `4,5`."""
    return grams(amount, language).removesuffix(" g")


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
