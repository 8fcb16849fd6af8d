"""Draws the wiring diagrams: `python -m tools.wiring_diagrams docs/img/wiring`."""

import sys
from collections.abc import Iterator
from pathlib import Path

from tools.wiring_diagrams.diagrams import sheets
from tools.wiring_diagrams.sheet import Drawing
from tools.wiring_diagrams.words import WORDS


def drawn() -> Iterator[tuple[str, str]]:
    """Each picture's path in its folder, and what is in it."""
    for language, words in WORDS.items():
        for name, sheet in sheets(words).items():
            yield f"{language}/{name}.svg", Drawing(sheet, words).svg()


def main(folder: Path) -> None:
    """Write every picture, and remove those of which there is no diagram any more."""
    pictures = dict(drawn())
    for old in folder.rglob("*.svg"):
        if old.relative_to(folder).as_posix() not in pictures:
            old.unlink()
    for path, picture in pictures.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(picture, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
