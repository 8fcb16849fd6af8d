from pathlib import Path

import pytest

from tools.mutation.draw import mutations


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
