"""How a dispenser is built is told alike in both languages, and names only what is there."""

import json
import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tools.wiring_diagrams.diagrams import sheets
from tools.wiring_diagrams.words import WORDS
from yaguts.services.firmware import wiring
from yaguts.translations.en import pages as en
from yaguts.translations.pt_br import pages as pt_br
from yaguts_device.hal import drivers

ENGLISH = ROOT / "docs/build.md"
PORTUGUESE = ROOT / "docs/pt/montar.md"
BOTH = {"en": (ENGLISH, en.TEXTS), "pt": (PORTUGUESE, pt_br.TEXTS)}
SECTION = re.compile(r'<a id="([^"]+)"></a>\n(#+) ')


def text_of(page: Path) -> str:
    return page.read_text("utf-8")


def shape(page: Path) -> list[tuple[str, str]]:
    """Each heading's mark and depth."""
    return SECTION.findall(text_of(page))


def test_both_languages_have_the_same_sections() -> None:
    assert shape(ENGLISH) == shape(PORTUGUESE)
    for page in (ENGLISH, PORTUGUESE):
        headings = re.findall(r"^##+ ", text_of(page), re.MULTILINE)
        assert len(shape(page)) == len(headings), "a heading without its mark"


def test_each_section_has_the_same_parts_in_both_languages() -> None:
    ours, theirs = (re.split(r'<a id="', text_of(page)) for page in (ENGLISH, PORTUGUESE))

    for one, other in zip(ours, theirs, strict=True):
        mark = one.partition('"')[0]
        for what in (r"^- ", r"^\d+\. ", r"^\|", r"!\[", r"^```"):
            counts = [len(re.findall(what, text, re.MULTILINE)) for text in (one, other)]
            assert counts[0] == counts[1], (mark, what)


def test_both_languages_name_the_same_commands_and_settings() -> None:
    def code(page: Path) -> list[str]:
        spans = re.findall(r"`([^`\n]+)`", text_of(page))
        # A name that the reader chooses is written in their language.
        return sorted(re.sub(r"[A-ZÓ]{4,}$|\w+\.(json|svg)$", "…", span) for span in spans)

    assert code(ENGLISH) == code(PORTUGUESE)


def test_both_languages_show_the_same_configurations_and_they_fit_an_esp32() -> None:
    blocks = [
        re.findall(r"```json\n(.*?)```", text_of(p), re.DOTALL) for p in (ENGLISH, PORTUGUESE)
    ]

    assert blocks[0] == blocks[1]
    assert len(blocks[0]) == 2
    for block in blocks[0]:
        assert wiring.problems("esp32", json.loads(block)) == []


@pytest.mark.parametrize(
    ("page", "portal"),
    [
        (ENGLISH, "device.md#set-up-without-a-cable"),
        (PORTUGUESE, "placa.md#5-configurar-com-um-celular-sem-cabo"),
    ],
)
@pytest.mark.parametrize("section", ["first-flash", "by-light", "by-symptom"])
def test_whoever_builds_or_is_stuck_is_told_of_the_set_up_without_a_cable(
    page: Path, portal: str, section: str
) -> None:
    assert portal in text_of(page).partition(f'<a id="{section}">')[2].partition("<a id=")[0]


@pytest.mark.parametrize("language", BOTH)
def test_every_diagram_stands_on_the_page_in_its_language(language: str) -> None:
    page, _ = BOTH[language]
    shown = re.findall(rf"img/wiring/{language}/([\w-]+)\.svg", text_of(page))

    assert sorted(shown) == sorted(sheets(WORDS[language]))
    assert f"img/wiring/{'pt' if language == 'en' else 'en'}" not in text_of(page)


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("driver", drivers.names())
def test_every_driver_has_a_section_with_its_diagram(driver: str, language: str) -> None:
    page, _ = BOTH[language]
    section = text_of(page).partition(f'<a id="wiring-{driver}"></a>')[2].partition("<a id=")[0]

    assert f"### `{driver}`" in section
    assert f"wiring/{language}/{driver}.svg" in section


@pytest.mark.parametrize(
    ("page", "texts"), [*BOTH.values(), (ROOT / "docs/pt/placa.md", pt_br.TEXTS)]
)
def test_what_is_to_be_tapped_is_written_as_on_the_pages(page: Path, texts: dict[str, str]) -> None:
    """Texts of the pages stand in italics and begin with a capital letter."""
    prose = re.sub(r"\s+", " ", text_of(page).replace("**", ""))
    named = set(re.findall(r"(?<![*\w])\*([A-ZÀ-Ú][^*]+)\*", prose))
    known = {re.sub(r"{\w+}", "…", text) for text in texts.values()}

    assert len(named) >= 3
    assert named - known == set()
    quoted = set(re.findall(r'\| "([^"]+)"', text_of(page)))
    assert {words.replace("'", "’") for words in quoted} - known == set()
