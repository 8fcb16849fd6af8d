"""Constants go into the code that uses them; what a board ignores is left out; the rest stays."""

import ast

import pytest

from yaguts.services.firmware.folding import folded

WORDS = 'FRASCO = "frasco"\nHIGH = 1 << 4\nBOTH = HIGH | 1\nLIST = [1]\n'


def built(user: str, words: str = WORDS) -> dict[str, str]:
    modules = folded({"user": ast.parse(user), "pack.words": ast.parse(words)})
    return {name: ast.unparse(tree) for name, tree in modules.items()}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from pack import words as w\nprint(w.FRASCO)", "print('frasco')"),
        ("from pack.words import BOTH\nprint(BOTH)", "print(17)"),
        ("from pack.words import FRASCO as f\nprint(f)", "print('frasco')"),
        ("A = 3\nB = A * 60\nprint(B)", "print(180)"),
        ("TYPE_CHECKING = False\nif TYPE_CHECKING:\n    import typing\nprint()", "print()"),
        ('"""Why."""\ndef f(a: int = 1) -> "str":\n    """What."""', "def f(a=1):\n    pass"),
        ("class A:\n    x: int\n    y: int = 2", "class A:\n    y = 2"),
        ("A, B = range(2)\nprint(B)", "A, B = range(2)\nprint(1)"),
        ("A, B = BOTH = range(2)\nprint(B, BOTH)", "A, B = BOTH = range(2)\nprint(1, BOTH)"),
        (
            "import sys\nx = 1 if sys.implementation.name == 'micropython' else 2\nprint(x)",
            "print(1)",
        ),
        ("import sys\nif not sys.implementation.name == 'micropython':\n    print()", ""),
        ("import asyncio\nimport json\nprint(json)", "import json\nprint(json)"),
    ],
)
def test_what_is_folded(before: str, after: str) -> None:
    assert built(before)["user"] == after


@pytest.mark.parametrize(
    "source",
    [
        "count = 1\n\ndef f():\n    global count\n    count += 1",
        "x = 1\nx = 2\nprint(x)",
        "n = 1\n\ndef f(n):\n    return n",
        "from pack.words import LIST\nprint(LIST)",
        "x = 1\n\ndef f():\n    for x in range(3):\n        print(x)",
    ],
)
def test_what_may_change_stays(source: str) -> None:
    assert built(source)["user"] == source


def test_a_constant_that_is_looked_up_on_any_object_keeps_its_definition() -> None:
    found = built("from pack import words, others\nfor m in (words, others):\n    print(m.FRASCO)")

    assert "FRASCO = 'frasco'" in found["pack.words"]
    assert "HIGH" not in found["pack.words"]
