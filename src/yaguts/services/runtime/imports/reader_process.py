"""The process that reads one file or page from elsewhere, and ends.

In: a line of JSON with `language`, `address` and `charset`, then the bytes. Out: each recipe as a
line of JSON. It reaches no network, writes no file, and ends with another status than 0 where it
could not read.
"""

import json
import re
import sys
from collections.abc import Iterable

from yaguts.domain.recipe_files.found import (
    FoundRecipe,
    first_number,
    lines_of,
    text_of,
)
from yaguts.domain.recipe_files.passing import passed_on
from yaguts.domain.recipe_files.reading import NoRecipe, is_page, read_file
from yaguts.services.runtime.imports.limits import guarded, keep_within

_NOWHERE = "https://page.invalid/"
"""The address of a page whose own is not known. It is read as pages of unknown sites are."""
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{1,40})", re.IGNORECASE)
_HEAD = 4096


def main() -> None:
    """Read what stands in the input."""
    head = json.loads(sys.stdin.buffer.readline())
    keep_within(head["memory_mb"], head["cpu_s"])
    guarded(alone=True)
    data = sys.stdin.buffer.read()
    if is_page(data):
        data = _in_utf8(data, head["charset"])
    try:
        found = read_file(
            data, head["language"], lambda page: read_page(page, head["address"] or _NOWHERE)
        )
    except NoRecipe:
        return
    lines = "\n".join(map(passed_on, found))
    sys.stdout.buffer.write(lines.encode(errors="replace"))


def read_page(page: str, address: str) -> Iterable[FoundRecipe]:
    """The recipe in a page, if it has one that programs can read."""
    from recipe_scrapers import scrape_html  # noqa: PLC0415  (it takes 38 MB)
    from recipe_scrapers._exceptions import RecipeScrapersExceptions  # noqa: PLC0415

    broken = (RecipeScrapersExceptions, LookupError, AttributeError, TypeError, ValueError)
    try:
        read = scrape_html(page, address, supported_only=False)
        lines = lines_of(read.ingredients())
    except broken:
        return ()
    said: list[str] = []
    for one in (read.title, read.yields):
        try:
            said.append(text_of(one()))
        except broken:
            said.append("")
    name, portions = said
    return (FoundRecipe(name, first_number(portions), lines),) if lines else ()


def _in_utf8(data: bytes, charset: str) -> bytes:
    """The page in UTF-8, from what it says it is written in, or what most old pages are."""
    named = _CHARSET.search(data[:_HEAD])
    for name in (charset, named[1].decode() if named else "", "utf-8", "cp1252"):
        try:
            return data.decode(name).encode() if name else data.decode().encode()
        except (LookupError, UnicodeError):
            continue
    return data.decode(errors="replace").encode()


if __name__ == "__main__":
    main()
