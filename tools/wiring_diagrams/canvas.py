"""A drawing surface: lines, boxes and texts, written as SVG. Units are the picture's pixels."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

Point = tuple[float, float]

_STYLE = """
.paper{fill:#fffdf8}
.box{fill:#f5ecdb;stroke:#8c7a66;stroke-width:1.5}
.board{fill:#3a2f25;stroke:#3a2f25}
.load{fill:#eef3ea;stroke:#5f8a6a;stroke-width:1.5}
.tag{fill:#fff;stroke:#2f6f9f;stroke-width:1.3}
.resistor{fill:#fff;stroke:#3a2f25;stroke-width:1.3}
.wire{stroke:#2f6f9f;stroke-width:2;fill:none}
.part{stroke:#3a2f25;stroke-width:1.5;fill:none}
.power{stroke:#b3361f;stroke-width:2;fill:none}
.dot{fill:#2f6f9f}
.solid{fill:#3a2f25}
text{fill:#3a2f25;font-size:13px}
.head{font-size:18px;font-weight:700}
.name{font-size:14px;font-weight:700}
.light{fill:#fffdf8}
.volts{fill:#b3361f;font-weight:700}
.small{font-size:11px}
.note{font-size:13px;fill:#5a4a3a}
"""
_SIZES = {"head": 18, "name": 14, "small": 11}
_WIDE = 0.6
"""The width of a letter by the height of its font, more rather than less."""


@dataclass(frozen=True, slots=True)
class Area:
    """Where a text stands."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Area") -> bool:
        """Whether the two overlap."""
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.bottom <= other.top or other.bottom <= self.top)


@dataclass(slots=True)
class Canvas:
    """What has been drawn so far."""

    parts: list[str] = field(default_factory=list[str])
    texts: list[Area] = field(default_factory=list[Area])

    def box(self, left: float, top: float, width: float, height: float, kind: str) -> None:
        """A rectangle with round corners."""
        self.parts.append(
            f'<rect class="{kind}" x="{left:g}" y="{top:g}" width="{width:g}" '
            f'height="{height:g}" rx="5"/>'
        )

    def line(self, kind: str, *points: Point) -> None:
        """A line through the points."""
        path = " ".join(f"{x:g} {y:g}" for x, y in points)
        self.parts.append(f'<path class="{kind}" d="M{path}"/>')

    def dot(self, x: float, y: float, kind: str = "dot") -> None:
        """A point at which wires are joined."""
        self.parts.append(f'<circle class="{kind}" cx="{x:g}" cy="{y:g}" r="3.5"/>')

    def text(self, x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> None:
        """A line of text around the height `y`. It must not be empty."""
        size = next((_SIZES[each] for each in kind.split() if each in _SIZES), 13)
        width = size * _WIDE * len(text)
        left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
        self.texts.append(Area(text, left, y - size / 2, left + width, y + size / 2))
        self.parts.append(
            f'<text class="{kind}" x="{x:g}" y="{y + size * 0.36:g}" text-anchor="{anchor}">'
            f"{escape(text)}</text>"
        )

    def svg(self, width: int, height: int, title: str, about: Iterable[str]) -> str:
        """The whole picture. Title and description are for those who do not see it."""
        told = escape(" ".join(about))
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
            'aria-labelledby="t d" font-family="Helvetica, Arial, sans-serif">'
        )
        lines = (
            head,
            f'<title id="t">{escape(title)}</title>',
            f'<desc id="d">{told}</desc>',
            f"<style>{_STYLE}</style>",
            f'<rect class="paper" width="{width}" height="{height}" rx="12"/>',
            *self.parts,
            "</svg>\n",
        )
        return "\n".join(lines)
