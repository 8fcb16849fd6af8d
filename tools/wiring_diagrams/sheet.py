"""A diagram as data, and how it is drawn: the board, parts beside it, and what they move.

Wires run along rows, so none crosses another. Grounds, supplies and shared wires are symbols.
"""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field

from tools.wiring_diagrams.canvas import Canvas
from tools.wiring_diagrams.words import Words
from yaguts.services.firmware.pin_uses import LOW, PinUse

WIDTH = 1040
_COLUMNS = (130, 430, 770)
_WIDTHS = (150, 190, 190)
_TOP, _NAME, _FOOT = 140, 46, 24
_STUB = 24
_LOAD = 130
_LINE = 125
"""Letters in a line of a note."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The common ground."""


@dataclass(frozen=True, slots=True)
class Supply:
    """A supply, by its voltage."""

    volts: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A wire that is shared: it leads to every other tag of this name."""

    net: str


@dataclass(frozen=True, slots=True)
class ToBoard:
    """A wire to a pin of the board, with the resistor that holds the pin at reset."""

    use: PinUse


@dataclass(frozen=True, slots=True)
class Across:
    """A wire to the part in the next column, and the level at which a resistor holds it."""

    rest: int | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """What is switched, with the diode that it needs, between the switch and `back`."""

    name: str
    back: Ground | Supply = Ground()


@dataclass(frozen=True, slots=True)
class Joined:
    """A terminal that a wire from the column before reaches, or that stays open."""


End = Ground | Supply | Tag | ToBoard | Across | Load | Joined


@dataclass(frozen=True, slots=True)
class Terminal:
    """A terminal of a part, and what it leads to."""

    label: str
    end: End


@dataclass(frozen=True, slots=True)
class Part:
    """A part in a column (1 or 2). Its terminals lie on rows, from the first one downwards."""

    name: str
    column: int
    row: int
    left: tuple[Terminal | None, ...] = ()
    right: tuple[Terminal | None, ...] = ()

    @property
    def last(self) -> int:
        """Its last row."""
        return self.row + max(len(self.left), len(self.right)) - 1

    def terminals(self) -> Iterator[tuple[int, int, Terminal]]:
        """Row, side (-1: left) and terminal."""
        for side, terminals in ((-1, self.left), (1, self.right)):
            for row, terminal in enumerate(terminals, self.row):
                if terminal is not None:
                    yield row, side, terminal


@dataclass(frozen=True, slots=True)
class Sheet:
    """A diagram."""

    title: str
    parts: tuple[Part, ...]
    board: str = ""
    """The board's name; none: a diagram without one."""
    shared: tuple[tuple[int, PinUse, str], ...] = ()
    """Rows on which a pin of the board leads to a tag."""
    notes: tuple[str, ...] = ()
    pitch: int = 44

    def uses(self) -> list[PinUse]:
        """The pins of the board that it shows."""
        ends = [terminal.end for part in self.parts for _, _, terminal in part.terminals()]
        shown = [end.use for end in ends if isinstance(end, ToBoard)]
        return [*shown, *(use for _, use, _ in self.shared)]


@dataclass(slots=True)
class Drawing:
    """A sheet while it is drawn."""

    sheet: Sheet
    words: Words
    canvas: Canvas = field(default_factory=Canvas)

    def svg(self) -> str:
        """The picture."""
        sheet = self.sheet
        self.canvas.text(30, 34, sheet.title, "head")
        if sheet.board:
            self._board()
        for part in sheet.parts:
            self._part(part)
        height = self._notes()
        return self.canvas.svg(WIDTH, height, sheet.title, sheet.notes)

    def _y(self, row: int) -> float:
        return _TOP + row * self.sheet.pitch

    def _rows(self) -> int:
        shared = [row for row, _, _ in self.sheet.shared]
        return max([part.last for part in self.sheet.parts] + shared)

    def _notes(self) -> int:
        y = self._y(self._rows()) + 64
        for note in self.sheet.notes:
            for line in textwrap.wrap(note, _LINE):
                self.canvas.text(30, y, line, "note")
                y += 20
            y += 4
        return round(y + 4)

    # The board and the parts

    def _board(self) -> None:
        left, right = _COLUMNS[0], _COLUMNS[0] + _WIDTHS[0]
        last = max(self._rows(), 2)
        self._case(left, _WIDTHS[0], 0, last, self.sheet.board, "board", "name light")
        for row, (label, end) in enumerate(
            (("5V / VIN", Supply("5 V")), ("GND", Ground()), ("3V3", Supply(self.words["3.3 V"])))
        ):
            self.canvas.text(left + 8, self._y(row), label, "light small")
            self._end(left, self._y(row), -1, end, left)
        for row, use, net in self.sheet.shared:
            self._pin(row, use)
            self._wire_with_rest(right, self._y(row), right + 135, use.rest)
            self._tag(right + 135, self._y(row), 1, net)

    def _pin(self, row: int, use: PinUse) -> None:
        right = _COLUMNS[0] + _WIDTHS[0]
        self.canvas.text(right - 8, self._y(row), f"GPIO {use.pin}", "light", "end")

    def _part(self, part: Part) -> None:
        left, width = _COLUMNS[part.column], _WIDTHS[part.column]
        self._case(left, width, part.row, part.last, part.name, "box", "name")
        for row, side, terminal in part.terminals():
            y = self._y(row)
            edge = left if side < 0 else left + width
            anchor = "start" if side < 0 else "end"
            self.canvas.text(edge - side * 8, y, terminal.label, "", anchor)
            if isinstance(terminal.end, ToBoard):
                self._pin(row, terminal.end.use)
                board = _COLUMNS[0] + _WIDTHS[0]
                self._wire_with_rest(board, y, edge, terminal.end.use.rest)
            else:
                self._end(edge, y, side, terminal.end, _COLUMNS[(part.column + 1) % 3])

    def _case(
        self, left: float, width: float, first: int, last: int, name: str, kind: str, ink: str
    ) -> None:
        top = self._y(first) - _NAME
        self.canvas.box(left, top, width, self._y(last) + _FOOT - top, kind)
        self.canvas.text(left + width / 2, top + 18, name, ink, "middle")

    # What a terminal leads to

    def _end(self, x: float, y: float, side: int, end: End, beside: float) -> None:
        away = x + side * _STUB
        if isinstance(end, Ground):
            self.canvas.line("part", (x, y), (away, y))
            self._ground(away, y)
        elif isinstance(end, Supply):
            self.canvas.line("power", (x, y), (away, y))
            anchor = "start" if side > 0 else "end"
            self.canvas.text(away + side * 5, y, end.volts, "volts", anchor)
        elif isinstance(end, Tag):
            self.canvas.line("wire", (x, y), (away, y))
            self._tag(away, y, side, end.net)
        elif isinstance(end, Across):
            self._wire_with_rest(x, y, beside, end.rest)
        elif isinstance(end, Load):
            self._load(x, y, end)

    def _ground(self, x: float, y: float) -> None:
        self.canvas.line("part", (x, y), (x, y + 8))
        for step, half in enumerate((8, 5, 2)):
            self.canvas.line("part", (x - half, y + 8 + 4 * step), (x + half, y + 8 + 4 * step))

    def _tag(self, x: float, y: float, side: int, net: str) -> None:
        width = 16 + 8 * len(net)
        left = x if side > 0 else x - width
        self.canvas.box(left, y - 11, width, 22, "tag")
        self.canvas.text(left + width / 2, y, net, "", "middle")

    def _wire_with_rest(self, x: float, y: float, to: float, rest: int | None) -> None:
        self.canvas.line("wire", (x, y), (to, y))
        if rest is not None:
            self._resistor(x, y, rest)

    def _resistor(self, x: float, y: float, rest: int) -> None:
        joint, low = x + 18, y + 17
        self.canvas.dot(joint, y)
        self.canvas.line("part", (joint, y), (joint, low), (joint + 12, low))
        self.canvas.box(joint + 12, low - 8, 46, 16, "resistor")
        self.canvas.text(joint + 35, low, "10 kΩ", "small", "middle")
        end = joint + 70
        if rest == LOW:
            self.canvas.line("part", (joint + 58, low), (end, low))
            self._ground(end, low - 4)
        else:
            self.canvas.line("power", (joint + 58, low), (end, low))
            self.canvas.text(end + 4, low, self.words["3.3 V"], "volts small")

    def _load(self, x: float, y: float, load: Load) -> None:
        left, right = _COLUMNS[2], _COLUMNS[2] + _LOAD
        self.canvas.line("wire", (x, y), (left, y))
        self.canvas.box(left, y - 15, _LOAD, 30, "load")
        self.canvas.text((left + right) / 2, y, load.name, "", "middle")
        self.canvas.line("part", (right, y), (right + 20, y))
        self._end(right + 20, y, 1, load.back, 0)
        self._diode(left - 18, right + 18, y, -1 if isinstance(load.back, Ground) else 1)

    def _diode(self, left: float, right: float, y: float, plus: int) -> None:
        """A diode below a load. Its bar is on the side of the plus (-1: left): it blocks."""
        low, middle = y + 26, (left + right) / 2
        self.canvas.dot(left, y)
        self.canvas.dot(right, y, "solid")
        self.canvas.line("part", (left, y), (left, low), (right, low), (right, y))
        bar, back = middle + 6 * plus, middle - 6 * plus
        self.canvas.line("part", (bar, low - 6), (bar, low + 6))
        self.canvas.line("solid", (bar, low), (back, low - 6), (back, low + 6))
