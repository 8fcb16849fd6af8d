"""The pages about amounts say what the reader does."""

import re
from pathlib import Path

import pytest

from yaguts.domain.amounts import densities
from yaguts.domain.amounts.measures import MILLILITRES, Amount, Unit
from yaguts.domain.amounts.reader import read_amount
from yaguts.domain.jobs.smallest_dose import slice_of, smallest_dose
from yaguts.domain.units import MicrogramsPerSecond
from yaguts.translations import Language
from yaguts.translations.pages import page_text
from yaguts.web.amounts.measures import amount_text
from yaguts.web.amounts.typed import SentAmount, typed_grams

DOCS = Path(__file__).parents[3] / "docs"
PAGES: dict[Language, str] = {
    "en": (DOCS / "amounts.md").read_text("utf-8"),
    "pt_BR": (DOCS / "pt/quantidades.md").read_text("utf-8"),
}
pages = pytest.mark.parametrize(("language", "page"), PAGES.items(), ids=PAGES)


def number(text: str) -> float:
    return float(text.replace(",", "."))


@pages
def test_what_may_be_typed(language: Language, page: str) -> None:
    rows = re.findall(r"^\| `(.+)` \| (.+) \|$", page, re.MULTILINE)
    assert len(rows) > 10
    for typed, readings in rows:
        reading = read_amount(typed, language)
        choices = typed_grams(SentAmount(typed), language, "Sal").choices
        told = [one.label for one in choices]
        if not told:
            assert isinstance(reading, Amount)
            told = [amount_text(reading, language)]
        assert re.split(r", (?:or|ou) ", readings) == told, typed


@pages
def test_what_spoons_hold(language: Language, page: str) -> None:
    held = dict(re.findall(r"^\| ([^`|]+) \| ([\d.,]+) \|$", page, re.MULTILINE))
    volumes = {
        page_text(language, f"unit.{unit}", n=1): float(volume)
        for unit, volume in MILLILITRES.items()
        if unit is not Unit.MILLILITRE
    }

    assert {unit: number(volume) for unit, volume in held.items()} == volumes


@pages
def test_how_many_densities_were_read(language: Language, page: str) -> None:
    assert language
    told = [int(found) for found in re.findall(r"(\d+) (?:rows|guesses|linhas|estimativas)", page)]

    assert told == [len(densities._TEASPOONS), len(densities._UNVERIFIED)]  # noqa: SLF001


@pages
def test_the_smallest_doses(language: Language, page: str) -> None:
    assert language
    rows = re.findall(r"^\| ([\d.,]+) g/s \| (\d+) ms \| ([\d.,]+) g \|$", page, re.MULTILINE)
    assert len(rows) == 4
    for rate_g_s, slice_ms, smallest_g in rows:
        rate = MicrogramsPerSecond(round(number(rate_g_s) * 1_000_000))
        assert slice_of(rate) == int(slice_ms)
        assert smallest_dose(rate) == number(smallest_g) * 1000
