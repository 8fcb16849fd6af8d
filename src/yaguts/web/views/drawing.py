"""Jars as drawings: which colour a spice has, and how high it stands. And codes to photograph."""

from zlib import crc32

import segno
from markupsafe import Markup

from yaguts.domain.recipe import search_key
from yaguts.translations.spice_colours import COLOURS

_TOP, _BOTTOM = 30, 88
"""Where a full jar's spice begins and an empty one's ends, in the drawing's own units."""
_ALL = sorted(set(COLOURS.values()))


def tone(spice: str | None) -> str:
    """The colour of a spice: its own or, for one we don't know, always the same one."""
    if spice is None:
        return "none"
    key = search_key(spice)
    words = key.replace("-", " ").split()
    own = next((colour for word, colour in COLOURS.items() if word in words), None)
    return own or _ALL[crc32(key.encode()) % len(_ALL)]


def surface(percent: int | None) -> int:
    """How far from the top the spice begins."""
    return _BOTTOM - depth(percent)


def depth(percent: int | None) -> int:
    """How deep the spice is. A jar with anything in it shows something."""
    if not percent or percent < 0:
        return 0
    return max(3, (_BOTTOM - _TOP) * min(percent, 100) // 100)


def qr(text: str) -> Markup:
    """A QR code, dark on light in either theme, or else no telephone reads it."""
    code = segno.make(text, error="m", micro=False)
    return Markup(code.svg_inline(border=3, dark="#000", light="#fff", omitsize=True))
