from pathlib import Path

import pytest

from tools.mutation.draw import mutations
from tools.mutation.record import Record


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("a < b", {"(a <= b)"}),
        ("a == b", {"(a != b)"}),
        ("a and b", {"(a or b)"}),
        ("not a", {"(a)"}),
        ("a + 7", {"(a - 7)", "a + (8)", "a + (6)"}),
        ("min(a, b)", {"(max(a, b))", "pass"}),
        ("x = a[1:]", {"x = (a[:])", "x = a[(2):]", "x = a[(0):]"}),
        ("x = a if b else c", {"x = (c if b else a)"}),
        ("x = True", {"x = (False)"}),
        ("x = [a for a in b if a]", {"x = [a for a in b]"}),
        ("n += 'a'", {"pass", "n -= 'a'"}),
        ("raise a", {"pass"}),
        ("def f():\n    return a", {"def f():\n    return None"}),
        ("'''A docstring of 3 < 4.'''", set()),
        ("log.warning('%d', 3)", set()),
        ("x = f'{3 + a}'", set()),
        ("x: 'a[3]' = a", set()),
        ("@a(b=True)\ndef f(): ...", set()),
    ],
)
def test_each_change_that_can_be_made_is_made(
    tmp_path: Path, code: str, expected: set[str]
) -> None:
    file = tmp_path / "m.py"
    file.write_text(code, "utf-8")
    made = {one.made_in(code.encode()).decode() for one in mutations(tmp_path, file)}
    assert {text.replace("([a for a in b])", "[a for a in b]") for text in made} == expected


def test_each_change_of_a_file_has_a_name_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "m.py"
    file.write_text("x = 0 if 0 <= a <= 0 else (0,\n 0)\n", "utf-8")
    names = [str(one) for one in mutations(tmp_path, file)]

    assert len(names) > 8
    assert len(set(names)) == len(names)
    assert all("\n" not in name for name in names)


def test_the_tests_of_a_change_are_the_nearest_and_fastest_within_the_time(tmp_path: Path) -> None:
    times = {"test_m.py::slow": 5.0, "test_n.py::a": 1.0, "test_n.py::b": 2.0, "test_o.py::c": 0.5}
    (tmp_path / "m.py").write_text("x = 1\ny = 2\n", "utf-8")
    first, *_, last = mutations(tmp_path, tmp_path / "m.py")
    lines = {"m.py": {1: ["test_n.py::b", "test_m.py::slow", "test_n.py::a"]}}
    record = Record(lines, times, frozenset({"test_o.py::c"}))

    assert record.covering(first, 100) == ["test_m.py::slow", "test_n.py::a", "test_n.py::b"]
    assert record.covering(first, 6) == ["test_m.py::slow", "test_n.py::a"]
    assert record.covering(first, 1) == ["test_m.py::slow"]
    assert record.covering(last, 6) == ["test_m.py::slow", "test_n.py::a"]  # the whole module's
    nowhere = Record({"m.py": {}}, times, frozenset({"test_o.py::c"}))
    assert len(nowhere.covering(first, 100)) == 3  # anybody's but the one that fails anyway
