"""Draw how many boards run what, hour by hour, as an SVG."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 900, 360
LEFT, RIGHT, TOP, BOTTOM = 60, 20, 70, 60
COLOURS = ("#c9c3b8", "#c0392b", "#e0a030", "#3f7f4f")
NAMES = ("release 1", "release 1, gone back from 2", "release 2", "release 3")
_STYLE = (
    "text{font:12px sans-serif;fill:#333}.grid{stroke:#ddd}.mark{stroke:#333;stroke-dasharray:3 3}"
)


@dataclass(frozen=True)
class Sample:
    """How many boards run each of `NAMES` at an hour, and how many are silent."""

    hour: int
    runs: tuple[int, ...]
    silent: int


@dataclass(frozen=True)
class Mark:
    """Something that happened."""

    hour: float
    text: str


def draw(samples: Sequence[Sample], marks: Sequence[Mark], boards: int) -> str:
    """The drawing, as SVG."""
    last = samples[-1].hour

    def x(hour: float) -> float:
        return round(LEFT + hour / last * (WIDTH - LEFT - RIGHT), 1)

    def y(count: float) -> float:
        return round(HEIGHT - BOTTOM - count / boards * (HEIGHT - TOP - BOTTOM), 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>Two releases on {boards} dispensers</title><style>{_STYLE}</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for kind, colour in enumerate(COLOURS):
        upper = [(x(s.hour), y(sum(s.runs[kind:]))) for s in samples]
        lower = [(x(s.hour), y(sum(s.runs[kind + 1 :]))) for s in reversed(samples)]
        points = " ".join(f"{a},{b}" for a, b in (*upper, *lower))
        parts.append(f'<polygon fill="{colour}" points="{points}"/>')
    silent = " ".join(f"{x(s.hour)},{y(s.silent)}" for s in samples)
    parts.append(f'<polyline fill="none" stroke="#224488" stroke-width="1.5" points="{silent}"/>')
    for share in range(0, 101, 25):
        height = y(boards * share / 100)
        parts.append(
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{height}" y2="{height}"/>'
        )
        parts.append(_text(LEFT - 6, height + 4, f"{boards * share // 100}", "end"))
    parts += [
        _text(x(day * 24), HEIGHT - BOTTOM + 16, f"day {day}", "start")
        for day in range(last // 24 + 1)
    ]
    parts += _drawn_marks(marks, x)
    parts += _legend()
    return "\n".join([*parts, "</svg>"]) + "\n"


def _drawn_marks(marks: Sequence[Mark], x: Callable[[float], float]) -> list[str]:
    parts: list[str] = []
    for place, mark in enumerate(marks):
        across = x(mark.hour)
        height = 14 + 14 * (place % 4)
        ends = f'x1="{across}" x2="{across}" y1="{height + 2}" y2="{HEIGHT - BOTTOM}"'
        parts.append(f'<line class="mark" {ends}/>')
        anchor = "end" if across > WIDTH - 120 else "start"
        parts.append(_text(across + (-3 if anchor == "end" else 3), height, mark.text, anchor))
    return parts


def _legend() -> list[str]:
    parts: list[str] = []
    across = LEFT
    for name, colour in (*zip(NAMES, COLOURS, strict=True), ("silent boards", "#224488")):
        parts.append(
            f'<rect x="{across}" y="{HEIGHT - 26}" width="12" height="12" fill="{colour}"/>'
        )
        parts.append(_text(across + 17, HEIGHT - 16, name, "start"))
        across += 50 + 7 * len(name)
    return parts


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'
