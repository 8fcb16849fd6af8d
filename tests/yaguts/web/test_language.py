"""The language of a page."""

import pytest

from yaguts.web.language import language_of


@pytest.mark.parametrize(
    ("chosen", "accepted", "spoken"),
    [
        (None, "", "pt_BR"),
        (None, "pt-BR,pt;q=0.9,en;q=0.8", "pt_BR"),
        (None, "en-GB,en;q=0.9", "en"),
        (None, "fr-FR,en;q=0.5,pt;q=0.7", "pt_BR"),
        (None, "fr,de;q=0.5", "pt_BR"),
        (None, "en;q=0, *", "pt_BR"),
        (None, "en;q=nonsense,;;,", "pt_BR"),
        ("en", "pt-BR", "en"),
        ("pt_BR", "en", "pt_BR"),
        ("klingon", "en", "en"),
    ],
)
def test_the_cookie_counts_before_the_browsers_languages(
    chosen: str | None, accepted: str, spoken: str
) -> None:
    assert language_of(chosen, accepted) == spoken
