"""The table of figures: what is as wanted, what is kept in the page, and what has halved."""

from dataclasses import replace

import pytest

from benchmarks.__main__ import told
from benchmarks.harness.figures import Figure, halved, kept, table
from benchmarks.harness.page import BEGIN, END, PAGE, between, replaced

FAST = Figure("calls", 1234.5, " a second", "counted", 1000, at_most=False, steady=True)
SMALL = Figure("memory", 8.25, " MB", "resident", 10, steady=True)
FREE = Figure("errors", 0, "", "none", 0)


def test_a_row_says_how_good_a_figure_is() -> None:
    assert FAST.row() == ("| calls | 1,234 a second | at least 1,000 a second | 1.23 | counted |")
    assert SMALL.row() == "| memory | 8.25 MB | at most 10.0 MB | 1.21 | resident |"
    assert FREE.row() == "| errors | 0.00 | at most 0.00 | – | none |"


@pytest.mark.parametrize(
    ("figure", "as_wanted"),
    [
        (FAST, True),
        (replace(FAST, value=999), False),
        (SMALL, True),
        (replace(SMALL, value=10.1), False),
        (FREE, True),
        (replace(FREE, value=1), False),
        (replace(FREE, value=9, wanted=None), True),
    ],
)
def test_a_bound_is_kept_or_not(figure: Figure, as_wanted: bool) -> None:
    assert figure.is_as_wanted is as_wanted
    assert ("Not as wanted" not in told([figure])) is as_wanted


def test_the_page_keeps_the_values() -> None:
    page = replaced(f"Before.\n{BEGIN}\nOld.\n{END}\nAfter.\n", table([FAST, SMALL, FREE]))

    assert kept(between(page)) == {"calls": 1234, "memory": 8.25, "errors": 0}
    assert page.startswith("Before.")
    assert page.endswith("After.\n")
    assert "Old." not in page
    assert replaced(page, table([FAST, SMALL, FREE])) == page


def test_the_real_page_has_its_markers() -> None:
    assert between(PAGE.read_text("utf-8"))


def test_only_a_steady_figure_that_is_half_as_good_is_told() -> None:
    before = kept(table([FAST, SMALL]))

    assert halved([FAST, SMALL, FREE], before) == []
    assert halved([replace(FAST, value=618), replace(SMALL, value=16)], before) == []
    assert halved([replace(FAST, value=616)], before) == ["calls: 616 a second, was 1,234"]
    assert halved([replace(SMALL, value=17)], before) == ["memory: 17.0 MB, was 8.25"]
    assert halved([replace(SMALL, value=17, steady=False)], before) == []
