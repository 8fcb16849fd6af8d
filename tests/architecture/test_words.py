"""The words that the glossary avoids do not come back as names in `src/`."""

import ast
import re
from collections.abc import Iterator, Mapping

import pytest

from tests.architecture.sources import ROOT, SRC
from tests.architecture.structure import modules_in

AVOIDED: dict[str, tuple[str, ...]] = {
    "befall": (),
    "claim": (  # on the wire, stored, an error's code
        "yaguts.api",
        "yaguts.cli.device",
        "yaguts.domain.audit_log",
        "yaguts.storage.tables",
        "yaguts_wire",
    ),
    "deed": (),
    "fate": (),
    "hazards": (),
    "linked": (),
    "placed": (),
    "placing": (),
    "premises": (),
    "relay": (  # as a part of the hardware
        "yaguts.cli.device",
        "yaguts_device",
        "yaguts_sim",
        "yaguts.cli.demo",
        "yaguts_wire",
    ),
    "tidemark": (),
    "trail": (),
    "unclaimed": ("yaguts.storage.tables", "yaguts.domain.stock.ledger"),
    "upkeep": (),
    "witness": (),
}
"""Each with the modules that may say it: what is stored, or on the wire, keeps its first name."""


def names(tree: ast.Module) -> Iterator[str]:
    """What a module itself names: functions, classes, arguments and variables."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def words_of(name: str) -> set[str]:
    """`HeldDose`, `held_dose` and `HELD_DOSE` are the words `held` and `dose`."""
    spaced = name if name.isupper() else re.sub(r"([A-Z])", r"_\1", name)
    return set(re.findall(r"[a-z]+", spaced.lower()))


def named_in(module: str, tree: ast.Module) -> dict[str, set[str]]:
    """The names that a module gives, its own among them, and the words of each."""
    return {name: words_of(name) for name in (module.rpartition(".")[2], *names(tree))}


def offences(word: str, module: str, named: Mapping[str, set[str]]) -> list[str]:
    return [f"{module}: {name}" for name, words in named.items() if word in words]


@pytest.fixture(scope="module")
def code() -> dict[str, dict[str, set[str]]]:
    """What each module of ours names."""
    return {module: named_in(module, tree) for module, tree in modules_in(SRC).items()}


@pytest.mark.parametrize("word", AVOIDED)
def test_an_avoided_word_names_nothing(
    word: str, code: Mapping[str, Mapping[str, set[str]]]
) -> None:
    found = [
        offence
        for module, named in code.items()
        if not module.startswith((*AVOIDED[word], "yaguts.storage.migrations"))
        for offence in offences(word, module, named)
    ]

    assert found == []


@pytest.mark.parametrize("word", AVOIDED)
def test_the_glossary_says_what_to_say_instead(word: str) -> None:
    assert word in words_of((ROOT / "docs/glossary.md").read_text("utf-8").lower())


@pytest.mark.parametrize(
    "planted",
    ["def tidemark(): ...", "class Tidemark: ...", "OLD_TIDEMARK = 1", "def f(tidemark): ..."],
)
def test_an_avoided_word_is_found(planted: str) -> None:
    assert found("tidemark", "yaguts.planted", planted)
    assert found("tidemark", "yaguts.tidemark", "")
    assert not found("tide", "yaguts.planted", "tidemark = 1")


def found(word: str, module: str, text: str) -> list[str]:
    return offences(word, module, named_in(module, ast.parse(text)))
