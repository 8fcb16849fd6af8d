"""The language of a page: the one that somebody chose, or else the one that the browser asks
for.
"""

from typing import get_args

from yaguts.translations import Language

COOKIE = "yaguts_language"
CHOSEN = "yaguts.language"
"""In the scope of a request: a language that was chosen just now."""
DEFAULT: Language = "pt_BR"
_SPOKEN: dict[str, Language] = {"pt": "pt_BR", "en": "en"}


def language_of(chosen: str | None, accepted: str) -> Language:
    """The language of a page. `accepted` is the header Accept-Language."""
    if (known := named(chosen)) is not None:
        return known
    wanted = sorted((_weighed(part) for part in accepted.split(",")), reverse=True)
    for weight, _, name in wanted:
        spoken = _SPOKEN.get(name.partition("-")[0])
        if spoken is not None and weight > 0:
            return spoken
    return DEFAULT


def named(name: str | None) -> Language | None:
    """The language with this name, if there is one."""
    return next((known for known in get_args(Language) if known == name), None)


def html_name(language: Language) -> str:
    """The language as HTML writes it: `pt-BR`."""
    return language.replace("_", "-")


def _weighed(part: str) -> tuple[float, int, str]:
    """The weight of a part of Accept-Language, and whether it states one: `en, pt;q=1` prefers
    English.
    """
    name, _, parameters = part.strip().lower().partition(";")
    weight = parameters.strip().removeprefix("q=")
    try:
        return float(weight or 1), int(not weight), name.strip()
    except ValueError:
        return 0, 0, name
