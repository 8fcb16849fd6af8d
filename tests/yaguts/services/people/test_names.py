"""Names that look alike: one account for each look."""

import pytest

from tests.support.kitchen.household import PASSWORD, Household
from yaguts.domain.errors import UnclearName
from yaguts.services.people.names import counted_name, insist_on_clear
from yaguts.services.people.rate_limits import SIGN_IN_AS_NAME_FROM
from yaguts_wire import words as w

TRICKS = [
    "A\N{ZERO WIDTH JOINER}na",
    "A\N{ZERO WIDTH NON-JOINER}na",
    "Ana\N{ZERO WIDTH SPACE}",
    "An\N{SOFT HYPHEN}a",
    "Ana\N{VARIATION SELECTOR-16}",
    "Ana\N{COMBINING GRAPHEME JOINER}",
    "Ana\N{HANGUL FILLER}",
    "Ana\N{BRAILLE PATTERN BLANK}",
    "Ana \N{BRAILLE PATTERN BLANK}",
    "\N{RIGHT-TO-LEFT OVERRIDE}anA",
    "Ana\N{RIGHT-TO-LEFT MARK}",
    "Ana\N{TAG SPACE}",
    "\N{CYRILLIC CAPITAL LETTER A}na",
    "An\N{CYRILLIC SMALL LETTER A}",
    "\N{GREEK CAPITAL LETTER ALPHA}na",
    "An\N{GREEK SMALL LETTER ALPHA} Maria",
    "Ana\N{ARABIC LETTER ALEF}",
    "\N{ETHIOPIC SYLLABLE GLOTTAL A}na",
    "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 60,
]
SAME = ["ana", " ANA ", "Ａｎａ", "𝐀𝐧𝐚", "Ａna", "\N{NO-BREAK SPACE}Ana", "ａｎａ"]
CLEAR = [
    "Ana Maria",
    "José d’Ávila-Jones 2",
    "Jose\N{COMBINING ACUTE ACCENT}",
    "Мария",
    "Ana Мария",
    "Ἀλέξανδρος",
    "田中さくらタロー",
    "김민준",
    "金민준",
    "李ㄅ",
    "محمد",
    "अनन्या",
    "Ana 🌶",
    "42",
]


@pytest.mark.parametrize("name", TRICKS, ids=ascii)
def test_a_trick_is_no_name(home: Household, name: str) -> None:
    home.person("Ana")

    answer = home.browser().post("/auth/register", json={w.NAME: name, w.PASSWORD: PASSWORD})

    assert answer.status_code == 400
    assert answer.json()["type"].endswith("unclear_name")


@pytest.mark.parametrize("name", SAME, ids=ascii)
def test_what_looks_the_same_is_taken_and_signs_in(home: Household, name: str) -> None:
    home.person("Ana")
    account = {w.NAME: name, w.PASSWORD: PASSWORD}

    taken = home.browser().post("/auth/register", json=account)
    signed_in = home.browser().post("/auth/login", json=account)

    assert taken.json()["type"].endswith("name_taken")
    assert signed_in.json()[w.NAME] == "Ana"


@pytest.mark.parametrize("name", CLEAR, ids=ascii)
def test_a_clear_name(name: str) -> None:
    insist_on_clear(name)


def test_scripts_that_no_language_mixes() -> None:
    with pytest.raises(UnclearName):
        insist_on_clear("さくら김")


def test_an_account_from_before_keeps_its_name(home: Household) -> None:
    """The two were different once. Each signs in as it always did."""
    trick = "A\N{ZERO WIDTH JOINER}na"
    home.person("Ana")
    home.person(trick)

    for typed, whose in ((trick, trick), (trick.upper(), trick), ("Ana", "Ana"), ("ANA", "Ana")):
        answer = home.browser().post("/auth/login", json={w.NAME: typed, w.PASSWORD: PASSWORD})
        assert answer.json()[w.NAME] == whose


def test_spellings_of_a_name_have_their_guesses_together(home: Household) -> None:
    home.person("Ana")
    spellings = (SAME * 2)[: SIGN_IN_AS_NAME_FROM.most + 1]

    answers = [
        home.browser().post("/auth/login", json={w.NAME: name, w.PASSWORD: "wrong"}).status_code
        for name in spellings
    ]

    assert answers == [401] * SIGN_IN_AS_NAME_FROM.most + [429]
    assert counted_name(SAME[2]) == counted_name("ana")


def test_a_full_width_name_is_no_password(home: Household) -> None:
    account = {w.NAME: "Ana Maria", w.PASSWORD: "Ａｎａ  Ｍａｒｉａ"}

    assert home.browser().post("/auth/register", json=account).status_code == 400
