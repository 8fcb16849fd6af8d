"""The label of a board: the Wi-Fi in which it is set up, and its password, as text and as QR."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import segno

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters and digits that look alike on a printed label."""
LENGTH = 12
"""59 bits."""


@dataclass(frozen=True, slots=True)
class BoardLabel:
    """What stands on a board."""

    name: str
    password: str

    def in_terminal(self) -> str:
        """The QR code in characters, dark on light whatever the terminal's colours."""
        drawn = io.StringIO()
        self._code().terminal(drawn, compact=True)
        return drawn.getvalue()

    def write(self, file: Path) -> None:
        """Write it as a drawing to print, 50 mm wide, as SVG."""
        code = self._code()
        side = code.symbol_size(border=2)[0]
        inner = code.svg_inline(border=2, dark="#000", light="#fff", omitsize=True)
        lines = (self.name, self.password)
        texts = "".join(
            f'<text x="{side / 2}" y="{side + 4 + 5 * place}" text-anchor="middle" '
            f'font-family="monospace" font-size="4">{line}</text>'
            for place, line in enumerate(lines)
        )
        file.write_text(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="50mm" '
            f'viewBox="0 0 {side} {side + 12}">'
            f'<rect width="100%" height="100%" fill="#fff"/>'
            f'<svg width="{side}" height="{side}">{inner}</svg>{texts}</svg>\n',
            encoding="utf-8",
        )

    def _code(self) -> "segno.QRCode":
        from segno import helpers  # noqa: PLC0415  # a server that draws no label needs none

        return helpers.make_wifi(self.name, self.password, security="WPA")


def label_of(uid: str, password: str) -> BoardLabel:
    """The label of the board with this uid."""
    return BoardLabel(f"Yaguts-{uid[-4:]}", password)


def new_password(choose: Callable[[str], str]) -> str:
    """A password that no other board has. `choose` draws one of the characters that it is given."""
    return "".join(choose(ALPHABET) for _ in range(LENGTH))
