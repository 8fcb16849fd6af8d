"""The recipes in a file: JSON, a page, an archive of them, or text, within these bounds.

What is larger than a pasted text is read in a process of its own: see `services.runtime.imports`.
"""

import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from yaguts.domain.recipe_files.found import FoundRecipe, items_of, object_of
from yaguts.domain.recipe_files.pasted import read_pasted
from yaguts.domain.recipe_files.programs import FORMATS

MOST_RECIPES = 500
"""Of a file. What is beyond is left."""
MOST_MEMBERS = 2000
LARGEST_MEMBER = 4 * 1024 * 1024
LARGEST_IN_ALL = 32 * 1024 * 1024
"""In bytes, unpacked. An archive that has more is not read."""
_DEEPEST = 2
_MOST_VALUES = 300_000
_READ = (".json", ".zip", ".paprikarecipe", ".html", ".htm")

ReadPage = Callable[[str], Iterable[FoundRecipe]]
"""Returns the recipes in a page of HTML."""


class NoRecipe(ValueError):
    """A file that holds no recipe, or is no file of ours to read."""


def _in_no_page(_page: str) -> Iterable[FoundRecipe]:
    return ()


def is_page(data: bytes) -> bool:
    """Whether it may be HTML, which nothing but a process of its own reads."""
    return data.lstrip().startswith((b"<", b"\xef\xbb\xbf<"))


def read_file(data: bytes, language: str, read_page: ReadPage = _in_no_page) -> list[FoundRecipe]:
    """The recipes in a file, at most `MOST_RECIPES`. Raises `NoRecipe`."""
    found: list[FoundRecipe] = []
    for text in _texts(data, _Room(), 0):
        page = is_page(text[:100].encode())
        found += read_page(text) if page else _recipes_in(text, language)
        if len(found) >= MOST_RECIPES:
            break
    if not found:
        raise NoRecipe
    return found[:MOST_RECIPES]


class _Room:
    """How much may still be unpacked."""

    def __init__(self) -> None:
        self.bytes, self.members = LARGEST_IN_ALL, MOST_MEMBERS

    def take(self, size: int) -> None:
        self.bytes -= size
        if self.bytes < 0:
            raise NoRecipe


def _texts(data: bytes, room: _Room, depth: int) -> Iterator[str]:
    """The texts of a file, or of those in an archive, which may hold archives."""
    if data.startswith(b"PK\x03\x04"):
        if depth < _DEEPEST:
            yield from _members(data, room, depth)
        return
    if data.startswith(b"\x1f\x8b"):
        data = _unzipped(data, room)
    try:
        yield data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if depth == 0:
            raise NoRecipe from None


def _members(data: bytes, room: _Room, depth: int) -> Iterator[str]:
    try:
        with ZipFile(BytesIO(data)) as archive:
            for member in archive.infolist():
                room.members -= 1
                if room.members < 0:
                    raise NoRecipe
                if not member.filename.lower().endswith(_READ):
                    continue
                with archive.open(member) as file:
                    inner = file.read(LARGEST_MEMBER + 1)
                room.take(len(inner))
                if len(inner) <= LARGEST_MEMBER:
                    yield from _texts(inner, room, depth + 1)
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, zlib.error):
        raise NoRecipe from None


def _unzipped(data: bytes, room: _Room) -> bytes:
    """What one gzip stream holds."""
    try:
        inner = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, LARGEST_MEMBER + 1)
    except zlib.error:
        raise NoRecipe from None
    room.take(len(inner))
    if len(inner) > LARGEST_MEMBER:
        raise NoRecipe
    return inner


def _recipes_in(text: str, language: str) -> list[FoundRecipe]:
    if not text.lstrip().startswith(("{", "[")):
        pasted = read_pasted(text, language)
        return [pasted] if pasted else []
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return list(_in_json(found, language))


def _in_json(found: Any, language: str) -> Iterator[FoundRecipe]:
    """The recipes in lists and objects, in their order. What is a recipe is not looked into."""
    left: list[Any] = [found]
    seen = 0
    while left and seen < _MOST_VALUES:
        value, seen = left.pop(), seen + 1
        if isinstance(value, list):
            left += reversed(items_of(value))
        elif isinstance(value, dict):
            inside = object_of(value)
            recipe = next(filter(None, (read(inside, language) for read in FORMATS)), None)
            if recipe is None:
                left += reversed(list(inside.values()))
            elif recipe.lines:
                yield recipe
