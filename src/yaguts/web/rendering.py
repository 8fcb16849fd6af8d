"""Templates, and the filters that write amounts, times and levels."""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import Any, TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined

from yaguts.domain.clock import age
from yaguts.domain.dispenser import Dispenser
from yaguts.domain.stock.calibration import rate_of
from yaguts.translations import Language
from yaguts.translations.amounts import (
    exact_grams,
    grams,
    grams_at_least,
    grams_at_most,
    grams_per_second,
    plain_grams,
    plain_seconds,
    rounded_grams,
    rounded_rate,
    rounded_time,
    seconds,
)
from yaguts.translations.pages import page_text
from yaguts.web.language import html_name
from yaguts.web.static_files import build, home, static_url
from yaguts.web.time_zone import days_between
from yaguts.web.views import jar_drawing
from yaguts.web.views.job_name import job_name

N = TypeVar("N", bound=int)
_MINUTE, _HOUR = 60, 3600
_OTHER: dict[Language, Language] = {"pt_BR": "en", "en": "pt_BR"}
_A_FEW_HOURS = 6
"""So long ago it is told in hours, although the date may have changed meanwhile."""

_environment = Environment(
    loader=PackageLoader("yaguts.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ALWAYS: dict[str, Any] = {
    "build": build,
    "static": static_url,
    "tone": jar_drawing.tone,
    "surface": jar_drawing.surface,
    "depth": jar_drawing.depth,
    "qr": jar_drawing.qr,
    "rate_of": rate_of,
}


def render(
    template: str, language: Language, now: datetime, zone: tzinfo | None = None, **context: Any
) -> str:
    """Render the template in a language at a moment, with the days of a time zone."""
    words: dict[str, Any] = {
        "home": home(),
        "now": now,
        "t": partial(page_text, language),
        "lang": html_name(language),
        "exact": _unbroken(partial(exact_grams, language=language)),
        "other": _other(language),
        "grams": _unbroken(partial(grams, language=language)),
        "about": _unbroken(partial(rounded_grams, language=language)),
        "at_least": _unbroken(partial(grams_at_least, language=language)),
        "at_most": _unbroken(partial(grams_at_most, language=language)),
        "plain": partial(plain_grams, language=language),
        "rate": partial(grams_per_second, language=language),
        "about_rate": partial(rounded_rate, language=language),
        "seconds": _unbroken(partial(seconds, language=language)),
        "about_time": _unbroken(rounded_time),
        "plain_seconds": partial(plain_seconds, language=language),
        "ago": partial(ago, language=language, now=now, zone=zone),
        "utc": utc,
        "called": partial(called, language),
        "job_name": partial(job_name, language=language),
    }
    return _environment.get_template(template).render(_ALWAYS | words | context)


def _other(language: Language) -> tuple[str, str, str]:
    """The other language: its name, the one that HTML has for it, and what people call it."""
    other = _OTHER[language]
    return other, html_name(other), page_text(language, "nav.other_language")


def _unbroken(write: Callable[[N], str]) -> Callable[[N], str]:
    """Keep a number and its unit on one line."""
    return lambda amount: write(amount).replace(" ", "\N{NO-BREAK SPACE}")


def called(language: Language, dispenser: Dispenser) -> str:
    """The name of a dispenser, or else its number."""
    return dispenser.name or page_text(language, "dispenser.number", id=dispenser.id)


def ago(moment: datetime, language: Language, now: datetime, zone: tzinfo | None = None) -> str:
    """How long ago it was, in words. Days are those of the calendar in the time zone."""
    known = age(moment, now)
    if known is None:
        return page_text(language, "ago.unknown")
    passed = int(known.total_seconds())
    if passed < _MINUTE:
        return page_text(language, "ago.now")
    if passed < _HOUR:
        return page_text(language, "ago.minutes", n=passed // _MINUTE)
    days = days_between(moment, now, zone)
    if days < 1 or passed < _A_FEW_HOURS * _HOUR:
        return page_text(language, "ago.hours", n=passed // _HOUR)
    return page_text(language, "ago.days", n=days)


def utc(moment: datetime) -> str:
    """The moment for machines. The script writes it in the reader's time zone."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
