"""The pages that keep figures. What stands between their markers is written by the command."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/performance.md"
BEGIN, END = "<!-- measured -->", "<!-- end of what was measured -->"


def between(page: str) -> str:
    """What stands between the markers. `ValueError` when they are not there."""
    found = re.search(f"{re.escape(BEGIN)}\n(.*){re.escape(END)}", page, re.DOTALL)
    if found is None:
        raise ValueError("The page lacks its markers.")
    return found[1]


def replaced(page: str, measured: str) -> str:
    """The page with this between the markers."""
    old = between(page)
    return page.replace(f"{BEGIN}\n{old}{END}", f"{BEGIN}\n{measured.strip()}\n{END}")
