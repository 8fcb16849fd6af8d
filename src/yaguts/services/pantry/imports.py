"""Recipes from elsewhere: a pasted text or page, a file, what a link leads to."""

import re

from yaguts.domain.recipe_files.faults import ImportFault, ImportRefused
from yaguts.domain.recipe_files.found import FoundRecipe
from yaguts.domain.recipe_files.reading import is_page, read_file
from yaguts.services.runtime.context import Site

_SHORT = 64 * 1024
"""In bytes. A text that is no longer is read at once, where it is neither a page nor packed."""
_PACKED = (b"PK", b"\x1f\x8b")
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)


def read_typed(site: Site, text: str, language: str) -> list[FoundRecipe]:
    """The recipes in a pasted text, or at the link that it is.

    Raises `NoRecipe`, or `ImportRefused`, also for a link where the server's owner allows none.
    """
    if _LINK.fullmatch(text.strip()):
        return _at_link(site, text.strip(), language)
    data = text.encode(errors="replace")
    if len(data) > _SHORT or is_page(data) or data.startswith(_PACKED):
        return site.imports.read(data, language)
    return read_file(data, language)


def read_upload(site: Site, data: bytes, language: str) -> list[FoundRecipe]:
    """The recipes in a file. Raises `NoRecipe` or `ImportRefused`."""
    return site.imports.read(data, language)


def _at_link(site: Site, link: str, language: str) -> list[FoundRecipe]:
    if not site.settings.fetch_links:
        raise ImportRefused(ImportFault.NOT_ALLOWED)
    page = site.imports.fetch(link)
    return site.imports.read(page.body, language, page.address, page.charset)
