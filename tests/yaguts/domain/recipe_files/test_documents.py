"""Files of other programs are read whole, and none takes more than its bounds."""

import gzip
import json

import pytest

from tests.yaguts.domain.recipe_files.documents import DOCUMENTS, text, zipped
from yaguts.domain.recipe_files.reading import (
    LARGEST_MEMBER,
    MOST_MEMBERS,
    MOST_RECIPES,
    NoRecipe,
    read_file,
)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_read_whole(name: str) -> None:
    document = DOCUMENTS[name]

    found = read_file(document.data, "en")

    read = [(each.name, each.portions, tuple(line.text for line in each.lines)) for each in found]
    assert read == list(document.recipes)


def test_there_are_enough_documents() -> None:
    assert len(DOCUMENTS) >= 20


def test_our_own_file_says_spice_and_grams_apart() -> None:
    line = read_file(DOCUMENTS["ours"].data, "pt_BR")[0].lines[0]

    assert (line.spice, line.grams) == ("Sal, grosso", "0,25")


MUCH = b" " * (LARGEST_MEMBER + 1)


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(MUCH + DOCUMENTS["schema.org"].data),
        zipped({"a.json": MUCH + DOCUMENTS["schema.org"].data}),
        zipped({f"{n}.json": b" " * LARGEST_MEMBER for n in range(9)}),
        zipped({f"{n}.txt": b"" for n in range(MOST_MEMBERS + 1)}),
        zipped({"a.zip": zipped({"b.zip": zipped({"c.json": DOCUMENTS["schema.org"].data})})}),
        zipped({"a.json": b"{"})[:-30],
        b"PK\x03\x04 nonsense",
        b"\x1f\x8b nonsense",
        b"[" * 50_000,
        text({"@type": "Recipe", "name": [], "recipeIngredient": {"a": 1}}),
        b"\xff\xfe",
        b"",
    ],
    ids=range(12),
)
def test_what_is_too_large_or_broken_holds_no_recipe(data: bytes) -> None:
    with pytest.raises(NoRecipe):
        read_file(data, "en")


def test_a_file_gives_so_many_recipes_at_most() -> None:
    one = json.loads(DOCUMENTS["schema.org"].data)

    assert len(read_file(text([one] * (MOST_RECIPES + 5)), "en")) == MOST_RECIPES
