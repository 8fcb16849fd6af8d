"""Templates, and the filters that write amounts, times and levels."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined

from yaguts.domain.clock import age
from yaguts.domain.dispenser import Dispenser
from yaguts.domain.stock.calibration import rate_of
from yaguts.translations import Language
from yaguts.translations.amounts import (
    grams,
    grams_per_second,
    plain_grams,
    plain_seconds,
    rounded_grams,
    rounded_rate,
    seconds,
)
from yaguts.translations.pages import page_text
from yaguts.web.language import html_name
from yaguts.web.static_files import build, home, static_url
from yaguts.web.views import jar_drawing
from yaguts.web.views.job_name import job_name

N = TypeVar("N", bound=int)
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400

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


def render(template: str, language: Language, now: datetime, **context: Any) -> str:
    """Render the template in a language at a moment."""
    words: dict[str, Any] = {
        "home": home(),
        "now": now,
        "t": partial(page_text, language),
        "lang": html_name(language),
        "grams": _unbroken(partial(grams, language=language)),
        "about": _unbroken(partial(rounded_grams, language=language)),
        "plain": partial(plain_grams, language=language),
        "rate": partial(grams_per_second, language=language),
        "about_rate": partial(rounded_rate, language=language),
        "seconds": _unbroken(partial(seconds, language=language)),
        "plain_seconds": partial(plain_seconds, language=language),
        "ago": partial(ago, language=language, now=now),
        "utc": utc,
        "called": partial(called, language),
        "job_name": partial(job_name, language=language),
    }
    return _environment.get_template(template).render(_ALWAYS | words | context)


def _unbroken(write: Callable[[N], str]) -> Callable[[N], str]:
    """Keep a number and its unit on one line."""
    return lambda amount: write(amount).replace(" ", "\N{NO-BREAK SPACE}")


def called(language: Language, dispenser: Dispenser) -> str:
    """The name of a dispenser, or else its number."""
    return dispenser.name or page_text(language, "dispenser.number", id=dispenser.id)


def ago(moment: datetime, language: Language, now: datetime) -> str:
    """How long ago it was, in words: the same in every time zone."""
    known = age(moment, now)
    if known is None:
        return page_text(language, "ago.unknown")
    passed = int(known.total_seconds())
    if passed < _MINUTE:
        return page_text(language, "ago.now")
    if passed < _HOUR:
        return page_text(language, "ago.minutes", n=passed // _MINUTE)
    if passed < _DAY:
        return page_text(language, "ago.hours", n=passed // _HOUR)
    return page_text(language, "ago.days", n=passed // _DAY)


def utc(moment: datetime) -> str:
    """The moment for machines. The script writes it in the reader's time zone."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
