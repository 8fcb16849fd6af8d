"""Private names become short; whatever another module may look up stays."""

import ast

import pytest

from yaguts.services.firmware.shortening import shortened


def built(user: str, other: str = "") -> str:
    modules = shortened({"user": ast.parse(user), "pack.other": ast.parse(other)})
    return ast.unparse(modules["user"])


FUNCTION = "def _f(_a, b):\n    return _a + b\n_f(1, 2)"
COUNTER = "_n = 1\n\ndef f():\n    global _n\n    _n += 1"
CLASS = """class A:

    def __init__(self):
        self._b = 1

    def _c(self):
        return self._b"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("_LIST = [1]\nprint(_LIST)", "_0 = [1]\nprint(_0)"),
        (FUNCTION, FUNCTION.replace("_f", "_0").replace("_a", "_1")),
        (COUNTER, COUNTER.replace("_n", "_0")),
        (CLASS, CLASS.replace("_c", "_0").replace("_b", "_1")),
    ],
)
def test_what_is_shortened(before: str, after: str) -> None:
    assert ast.dump(ast.parse(built(before))) == ast.dump(ast.parse(after))


@pytest.mark.parametrize(
    "source",
    [
        "for _ in range(3):\n    print()",
        "print(tuple._fields)",
        "__path__ = []\nprint(__path__)",
        "from pack.other import Base\n\nclass A(Base):\n\n    def f(self):\n        self._b = 1",
    ],
)
def test_what_stays(source: str) -> None:
    assert built(source, "class Base:\n    pass") == source
