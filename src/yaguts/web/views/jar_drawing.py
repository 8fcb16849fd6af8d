"""Jars as drawings: the colour of the spice and its height. And QR codes."""

from zlib import crc32

from markupsafe import Markup

from yaguts.domain.recipe import search_key
from yaguts.translations.spice_colours import COLOURS

_TOP, _BOTTOM = 30, 88
"""The top of a full jar's spice and the bottom of the jar, in the drawing's units."""
_ALL = sorted(set(COLOURS.values()))


def tone(spice: str | None) -> str:
    """The colour of a spice. A spice without a colour of its own always gets the same one."""
    if spice is None:
        return "none"
    key = search_key(spice)
    words = key.replace("-", " ").split()
    own = next((colour for word, colour in COLOURS.items() if word in words), None)
    return own or _ALL[crc32(key.encode()) % len(_ALL)]


def surface(percent: int | None) -> int:
    """The distance from the top to the spice."""
    return _BOTTOM - depth(percent)


def depth(percent: int | None) -> int:
    """The height of the spice. A jar that is not empty shows something."""
    if not percent or percent < 0:
        return 0
    return max(3, (_BOTTOM - _TOP) * min(percent, 100) // 100)


def qr(text: str) -> Markup:
    """A QR code. It is dark on light in every theme, or telephones cannot read it."""
    import segno  # noqa: PLC0415  # few pages have one

    # segno draws squares: none of the text is in the markup.
    code = segno.make(text, error="m", micro=False)
    return Markup(code.svg_inline(border=3, dark="#000", light="#fff", omitsize=True))  # noqa: S704
