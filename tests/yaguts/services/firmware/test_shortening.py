"""Private names become short; whatever another module may look up stays."""

import ast

import pytest

from yaguts.services.firmware.shortening import shortened


def built(user: str, other: str = "") -> str:
    modules = shortened({"user": ast.parse(user), "pack.other": ast.parse(other)})
    return ast.unparse(modules["user"])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("_LIST = [1]\nprint(_LIST)", "_0 = [1]\nprint(_0)"),
        ("def _f(_a, b):\n    return _a + b\n_f(1, 2)", "def _0(_1, b):\n    return _1 + b\n_0(1, 2)"),
        ("_n = 1\n\ndef f():\n    global _n\n    _n += 1", "_0 = 1\n\ndef f():\n    global _0\n    _0 += 1"),
        (
            "class A:\n\n    def __init__(self):\n        self._b = 1\n\n    def _c(self):\n        return self._b",
            "class A:\n\n    def __init__(self):\n        self._1 = 1\n\n    def _0(self):\n        return self._1",
        ),
    ],
)  # fmt: skip
def test_what_is_shortened(before: str, after: str) -> None:
    assert built(before) == after


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
