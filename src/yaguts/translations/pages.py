"""The texts of the pages: one catalogue a language, under stable English keys.

A text with `n` may have another form for one: `ago.minutes.one` beside `ago.minutes`.
"""

from collections.abc import Mapping
from typing import Literal

from yaguts.domain.errors import Busy, YagutsError
from yaguts.translations import explain
from yaguts.translations.en import pages as en
from yaguts.translations.pt_br import pages as pt_br

PAGES: Mapping[str, Mapping[str, str]] = {"pt_BR": pt_br.TEXTS, "en": en.TEXTS}


def page_text(language: Literal["pt_BR", "en"], key: str, **fields: object) -> str:
    """The text of this key, with its gaps filled."""
    texts = PAGES[language]
    if fields.get("n") == 1 and f"{key}.one" in texts:
        key = f"{key}.one"
    return texts[key].format_map(fields)


def explain_on_page(error: YagutsError, language: Literal["pt_BR", "en"]) -> str:
    """The text for an error as a page says it. The wire keeps the words of version 0.1."""
    return page_text(language, "cook.busy") if isinstance(error, Busy) else explain(error, language)
