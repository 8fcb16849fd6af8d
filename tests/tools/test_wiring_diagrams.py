"""The wiring diagrams show what the wiring check knows, are up to date, and can be read."""

import re
from itertools import combinations

import pytest

from tests.architecture.sources import ROOT
from tools.wiring_diagrams.__main__ import drawn
from tools.wiring_diagrams.diagrams import BOARD_NOTES, configurations, sheets
from tools.wiring_diagrams.sheet import WIDTH, Drawing
from tools.wiring_diagrams.words import WORDS
from yaguts.services.firmware import pin_uses, wiring
from yaguts.services.firmware.wiring import NEW_BOARDS
from yaguts_device.hal import drivers

FOLDER = ROOT / "docs/img/wiring"
PICTURES = dict(drawn())
EACH = [(language, name) for language, words in WORDS.items() for name in sheets(words)]


def test_the_pictures_are_those_that_the_command_draws() -> None:
    kept = {
        path.relative_to(FOLDER).as_posix(): path.read_text("utf-8") for path in FOLDER.rglob("*.*")
    }

    assert kept == PICTURES, "run: python -m tools.wiring_diagrams docs/img/wiring"


@pytest.mark.parametrize("driver", drivers.names())
def test_every_driver_has_a_diagram_in_both_languages(driver: str) -> None:
    assert {f"{language}/{driver}.svg" for language in WORDS} <= PICTURES.keys()


@pytest.mark.parametrize("name", configurations())
def test_a_diagram_shows_each_pin_that_the_driver_uses_and_no_other(name: str) -> None:
    driver, configuration = configurations()[name]

    shown = sheets(WORDS["en"])[name].uses()
    picture = PICTURES[f"en/{name}.svg"]

    used = pin_uses.uses(driver, configuration)
    assert sorted(shown, key=lambda use: use.pin) == sorted(used, key=lambda use: use.pin)
    assert sorted(map(int, re.findall(r"GPIO (\d+)<", picture))) == sorted(u.pin for u in used)
    assert wiring.problems("esp32", {"motor": {}, **configuration}) == []


@pytest.mark.parametrize("chip", NEW_BOARDS)
def test_a_new_board_shows_the_wiring_that_it_is_flashed_with(chip: str) -> None:
    configuration = NEW_BOARDS[chip]
    assert configuration.keys() == {"relays", "motor", "button"}, "draw what is new as well"
    used = [use for name in ("relays", "motor") for use in pin_uses.uses(name, configuration)]

    assert sheets(WORDS["en"])[f"new-board-{chip}"].uses() == [
        *used,
        pin_uses.button(configuration),
    ]


def test_a_resistor_leads_to_the_level_at_which_the_pin_rests() -> None:
    """A resistor to 3.3 V has its sign beside it; one to ground has none."""
    for name, (driver, configuration) in configurations().items():
        if driver in pin_uses.EXPANDERS:
            continue  # Theirs have resistors of their own outputs as well.
        picture, used = PICTURES[f"en/{name}.svg"], pin_uses.uses(driver, configuration)
        held = [use for use in used if use.rest is not None]

        assert picture.count(">10 kΩ<") == len(held)
        assert picture.count('class="volts small"') == sum(use.rest == 1 for use in held)


def test_an_address_is_wired_as_the_chip_has_it() -> None:
    mcp23017 = sheets(WORDS["en"])["mcp23017"]

    assert pin_uses.address("mcp23017", configurations()["mcp23017"][1]) == 0x20
    assert {t.label for _, _, t in mcp23017.parts[0].terminals()} >= {"A0", "A1", "A2", "GPB7"}
    assert "0x20" in PICTURES["en/mcp23017.svg"]


@pytest.mark.parametrize(("language", "name"), EACH)
def test_no_text_lies_upon_another_or_outside_the_picture(language: str, name: str) -> None:
    drawing = Drawing(sheets(WORDS[language])[name], WORDS[language])
    picture = drawing.svg()
    height = int(re.findall(r'viewBox="0 0 \d+ (\d+)"', picture)[0])
    areas = drawing.canvas.texts

    assert [(a.text, b.text) for a, b in combinations(areas, 2) if a.meets(b)] == []
    for area in areas:
        assert 0 <= area.left < area.right <= WIDTH, area
        assert 0 <= area.top < area.bottom <= height, area


def test_both_languages_have_the_same_words_and_use_them_all() -> None:
    english, portuguese = WORDS["en"], WORDS["pt"]
    source = (ROOT / "tools/wiring_diagrams/diagrams.py").read_text("utf-8") + (
        ROOT / "tools/wiring_diagrams/sheet.py"
    ).read_text("utf-8")

    assert english.keys() == portuguese.keys()
    named = {f"title {name}" for name in configurations()} | {
        f"note {each}" for each in BOARD_NOTES
    }
    unused = {word for word in english if f'"{word}"' not in source} - named
    assert unused == set()
