"""The interface says the words of `docs/interface-words.md`, and no others for the same things."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import pytest

from tests.architecture.sources import ROOT
from yaguts.translations import CATALOGUES, Language
from yaguts.translations.alerts import SENT
from yaguts.translations.pages import PAGES

PAGE = "docs/interface-words.md"
TECHNICAL = ("watchdog", "timeout", "cache", "bytes", "null")
MAY_SAY = {"robô": {"busy"}}  # The wire keeps the sentence of version 0.1.
"""An avoided word, with the sentences that may say it."""
NAMED_ONCE = {
    "dispensador": {"busy"},
    "cozinha": {"household.alone", "household.may", "household.of", "reset_link.title"},  # a verb
}
"""The first word of a row, with the sentences in which one language alone says it."""
NOT_COMPARED = {"dosar", "esvaziar", "conta", "entrar", "enviar"}
"""Verbs, and a word with a second meaning: languages need them at other places."""
LONGEST_IN_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Row:
    """A thing, what it is called, and what it is not called."""

    names: Mapping[Language, tuple[str, ...]]
    avoided: Mapping[Language, tuple[str, ...]]


def rows(page: str) -> list[Row]:
    lines = [line.strip("|").split("|") for line in page.splitlines() if line.startswith("| ")]
    cells = [[_words(cell) for cell in line] for line in lines[1:]]
    return [
        Row({"pt_BR": ours, "en": theirs}, {"pt_BR": not_ours, "en": not_theirs})
        for ours, theirs, _, not_ours, not_theirs in cells
    ]


def _words(cell: str) -> tuple[str, ...]:
    return tuple(word for each in cell.split(",") if (word := each.strip()) not in ("", "—"))


def says(sentence: str, word: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", plain(sentence)) is not None


def plain(sentence: str) -> str:
    """The sentence without gaps and addresses, in small letters."""
    return re.sub(r"\{\w+\}|\w+://\S+", " ", sentence).lower()


def sentences(language: Language) -> dict[str, str]:
    """Every sentence of a language, under its key."""
    sent = {f"sent.{key}": text for key, text in SENT[language].items()}
    return {**CATALOGUES[language], **PAGES[language], **sent}


ROWS = rows((ROOT / PAGE).read_text("utf-8"))
COMPARED = [row for row in ROWS if row.names["pt_BR"][0] not in NOT_COMPARED]
ALL: dict[Language, dict[str, str]] = {"pt_BR": sentences("pt_BR"), "en": sentences("en")}


def avoided(language: Literal["pt_BR", "en"]) -> Iterator[str]:
    yield from TECHNICAL
    for row in ROWS:
        yield from row.avoided[language]


def saying(word: str, texts: Mapping[str, str]) -> set[str]:
    return {key for key, text in texts.items() if says(text, word)}


@pytest.mark.parametrize("language", ["pt_BR", "en"])
def test_no_sentence_says_an_avoided_word(language: Language) -> None:
    found = {word: saying(word, ALL[language]) for word in avoided(language)}

    offences = {word: keys - MAY_SAY.get(word, set()) for word, keys in found.items()}
    assert {word: keys for word, keys in offences.items() if keys} == {}


def named_once(row: Row) -> set[str]:
    """The sentences that name the thing in one language only."""
    ours, theirs = (
        set[str]().union(*(saying(word, ALL[language]) for word in words))
        for language, words in row.names.items()
    )
    return ours ^ theirs


@pytest.mark.parametrize("row", COMPARED, ids=[row.names["pt_BR"][0] for row in COMPARED])
def test_both_languages_name_the_same_things(row: Row) -> None:
    assert named_once(row) == NAMED_ONCE.get(row.names["pt_BR"][0], set())


def test_every_exemption_is_needed() -> None:
    for word, keys in MAY_SAY.items():
        assert keys <= saying(word, ALL["pt_BR"]) | saying(word, ALL["en"])
    assert set(NAMED_ONCE) | NOT_COMPARED <= {row.names["pt_BR"][0] for row in ROWS}


@pytest.mark.parametrize("language", ["pt_BR", "en"])
def test_every_word_is_said_somewhere(language: Language) -> None:
    """A word that no sentence says any more leaves the page."""
    unsaid = [
        word for row in ROWS for word in row.names[language] if not saying(word, ALL[language])
    ]

    assert unsaid == []


@pytest.mark.parametrize("language", ["pt_BR", "en"])
def test_long_times_are_told_in_minutes(language: Language) -> None:
    told = {
        key: int(number)
        for key, text in ALL[language].items()
        for number in re.findall(r"(\d+) (?:s|seconds|segundos)\b", text)
    }

    assert {key for key, number in told.items() if number > LONGEST_IN_SECONDS} == set()


def test_an_avoided_word_is_found_only_as_a_word() -> None:
    assert says("O robô espera.", "robô")
    assert says("The jar’s page", "jar")
    assert not says("Ajar", "jar")
    assert not says("{jar} tgram://jar/chat", "jar")
    assert rows("| a | b | c | d | e |\n|---|\n| x, y | z | what | — | w |") == [
        Row({"pt_BR": ("x", "y"), "en": ("z",)}, {"pt_BR": (), "en": ("w",)})
    ]
