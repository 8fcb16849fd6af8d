"""The structure stays what it was made to be, and each measure bites when something is planted."""

import ast
from pathlib import Path

import pytest

from tests.architecture import structure
from tests.architecture.sources import ROOT, SRC
from tests.architecture.structure import Lengths

MODULES = structure.modules_in(SRC)
MOST_ARROWS = {"yaguts/services": 23, "yaguts/api": 35, "yaguts_sim": 43}
ACYCLIC = [*MOST_ARROWS, "yaguts/domain", "yaguts/cli", "yaguts/translations", "yaguts_device"]
MOST_FILES = 14
FLAT_ON_PURPOSE = ("yaguts/domain", "yaguts/storage")
"""A table, a file: what lies there is looked up by the name of the thing."""
BEFORE_MODULES = Lengths(78, 186, 466)
BEFORE_FUNCTIONS = Lengths(3, 11, 80)
"""Lines; `python -m tests.architecture.structure` says what they are now."""


def is_no_worse(now: Lengths, before: Lengths) -> bool:
    return now.middle <= before.middle and now.p90 <= before.p90 and now.longest <= before.longest


@pytest.mark.parametrize("folder", MOST_ARROWS)
def test_few_children_of_a_folder_know_each_other(folder: str) -> None:
    assert len(structure.arrows(folder, MODULES)) <= MOST_ARROWS[folder]


@pytest.mark.parametrize("folder", ACYCLIC)
def test_no_children_of_a_folder_import_each_other_in_a_ring(folder: str) -> None:
    assert structure.cycle(structure.arrows(folder, MODULES)) == []


@pytest.mark.parametrize("kind", [structure.CODE, structure.PAGES])
def test_a_folder_can_be_read_at_a_glance(kind: str) -> None:
    crowded = {
        folder: count
        for folder, count in structure.files_per_folder(SRC, kind).items()
        if count > MOST_FILES and not folder.startswith(FLAT_ON_PURPOSE)
    }

    assert crowded == {}


def test_a_type_name_stands_once() -> None:
    glossary = (ROOT / "docs/glossary.md").read_text("utf-8")
    unexplained = {
        name: where
        for name, where in structure.repeated_types(MODULES).items()
        if f"`{name}` twice" not in glossary
    }

    assert unexplained == {}


def test_modules_and_functions_are_no_longer_than_they_were() -> None:
    assert is_no_worse(structure.module_lengths(SRC), BEFORE_MODULES)
    assert is_no_worse(structure.function_lengths(MODULES.values()), BEFORE_FUNCTIONS)


# Planted offences


def tree(**texts: str) -> dict[str, ast.Module]:
    """Modules of a package `kitchen`, by name: `tree(pantry__jars="import …")`."""
    return {f"kitchen.{name.replace('__', '.')}": ast.parse(text) for name, text in texts.items()}


def test_an_arrow_is_counted_once_and_a_ring_is_found() -> None:
    modules = tree(
        pantry__jars="from kitchen.orders import plan",
        pantry__stock="import kitchen.orders",
        orders="from kitchen.pantry import jars",
        pantry__own="from kitchen.pantry import jars",
    )

    pairs = structure.arrows("kitchen", modules)

    assert pairs == {("pantry", "orders"), ("orders", "pantry")}
    assert structure.cycle(pairs) == ["orders", "pantry"]
    assert structure.cycle({("a", "b"), ("b", "c"), ("a", "c")}) == []


def test_a_crowded_folder_is_found(tmp_path: Path) -> None:
    for number in range(MOST_FILES + 1):
        (tmp_path / f"m{number}.py").touch()

    assert structure.files_per_folder(tmp_path) == {".": MOST_FILES + 1}


def test_a_name_that_stands_twice_is_found() -> None:
    modules = tree(a="class Jar:\n    pass", b="Jar = int", c="def jar(): pass")

    assert structure.repeated_types(modules) == {"Jar": ["kitchen.a", "kitchen.b"]}


def test_longer_functions_are_found() -> None:
    short = "def one():\n    '''Said.'''\n    return 1\n"
    longer = "def two():\n" + "    pass\n" * 20

    before = structure.function_lengths(tree(a=short).values())

    assert before == Lengths(1, 1, 1)
    assert not is_no_worse(structure.function_lengths(tree(a=short, b=longer).values()), before)
