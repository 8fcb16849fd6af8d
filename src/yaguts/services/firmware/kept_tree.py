"""The tree of the virtual board, built once for each state of what it is made of, and kept."""

import os
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from yaguts.services.firmware.board_tree import build, write
from yaguts.services.firmware.compiling import Compiler
from yaguts.services.firmware.sources import VIRTUAL_BOARD, pages, source_texts

_BUILDER = Path(__file__).parent
_DIGITS = 12
"""MicroPython keeps the path of each module on its heap, so the path is short."""


def kept_tree() -> Path:
    """The folder of the tree. Raises `BuildError`."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "yaguts"
    folder = cache / _digest()
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=cache) as aside:
            write(build(VIRTUAL_BOARD), Path(aside, "tree"))
            _move(Path(aside, "tree"), folder)
    return folder


def _move(tree: Path, folder: Path) -> None:
    try:
        tree.rename(folder)
    except OSError:
        if not folder.exists():  # Else another process was first, with the same tree.
            raise


def _digest() -> str:
    """Of the sources, of what builds them, and of the bytecode's version."""
    made_by = ((file.name, file.read_text("utf-8")) for file in sorted(_BUILDER.glob("*.py")))
    texts = sha256(Compiler().bytecode_version().encode())
    sent = ((path, content.decode()) for path, content in pages())
    for name, text in (*made_by, *source_texts(), *sent):
        texts.update(f"{name}\0{text}\0".encode())
    return texts.hexdigest()[:_DIGITS]
