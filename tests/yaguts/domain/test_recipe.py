"""What looks the same in a kitchen is the same spice."""

import pytest

from yaguts.domain.recipe import same_spice, search_key


@pytest.mark.parametrize(
    "other",
    [
        "ALHO EM PÓ",
        "  alho em pó ",
        "alho  em\tpó",
        "Alho\N{NO-BREAK SPACE}em\N{NARROW NO-BREAK SPACE}pó",
        "Alho\N{IDEOGRAPHIC SPACE}em pó",
        "Alho em po\N{COMBINING ACUTE ACCENT}",
        "alho em po",
        "Al\N{SOFT HYPHEN}ho em pó",
        "Alho\N{ZERO WIDTH SPACE} em pó",
        "A\N{ZERO WIDTH JOINER}lho em pó\N{ZERO WIDTH NO-BREAK SPACE}",
        "Alho\N{RIGHT-TO-LEFT MARK} em pó",
        "Alho em pó\N{VARIATION SELECTOR-16}",
        "Alho em pó\N{COMBINING GRAPHEME JOINER}",
        "Alho em pó\N{HANGUL FILLER}",
        "Ａｌｈｏ em pó",
        "Alho-em-pó",
        "Alho\N{NON-BREAKING HYPHEN}em\N{EN DASH}pó",
        "𝐀𝐥𝐡𝐨 em pó",
    ],
)
def test_the_same_spice(other: str) -> None:
    assert same_spice("Alho em pó", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sal", "Sál grosso"),
        ("Sal", "Sa l"),
        ("か", "が"),
        ("क", "क्"),
        ("क", "क़"),
        ("कि", "की"),
    ],
)
def test_another_spice(one: str, other: str) -> None:
    assert not same_spice(one, other)


@pytest.mark.parametrize("text", ["ﬃ", "İ", "Straße", "℡", "ΐ", "Ⅷ", "½ sal"])
def test_a_key_is_its_own_key(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)
