"""The tree of files that a board runs: compiled modules, the same bytes at every build."""

import ast
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from yaguts.domain.firmware.release import BY_CABLE
from yaguts.services.firmware.compiling import Compiler
from yaguts.services.firmware.folding import folded
from yaguts.services.firmware.shortening import shortened
from yaguts.services.firmware.sources import BOARD, all_modules, is_package, needed, pages, version

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class BoardTree:
    """The files by their paths on the board, and the version of the bytecode in them."""

    bytecode: str
    files: Mapping[str, bytes]

    def with_manifest(self) -> dict[str, bytes]:
        """The files and the manifest, which comes last."""
        return {**self.files, MANIFEST: self.manifest()}

    def manifest(self) -> bytes:
        """What the tree is, as JSON: version, bytecode, and each file's size and SHA-256.

        Its release number says that it came by cable.
        """
        return as_bytes({"release": BY_CABLE, **self.facts()})

    def facts(self) -> dict[str, object]:
        """What the manifest of a release says of the tree, too."""
        return {"version": version(), "bytecode": self.bytecode, "files": _listed(self.files)}


def build(entry: str = BOARD) -> BoardTree:
    """Build the tree of what `entry` needs. Raises `BuildError`."""
    compiler = Compiler()
    modules = shortened(folded(all_modules()))
    files = {
        _path(name): compiler.compiled(name, ast.unparse(modules[name]) + "\n")
        for name in needed(modules, entry)
    }
    files.update(pages())
    return BoardTree(compiler.bytecode_version(), dict(sorted(files.items())))


def write(tree: BoardTree, folder: Path) -> None:
    """Write the tree and its manifest into a folder, in the place of what an earlier build left.

    Raises `FileExistsError` when the folder holds something else.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / MANIFEST).exists():
        raise FileExistsError(folder)
    shutil.rmtree(folder, ignore_errors=True)
    for path, content in tree.with_manifest().items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def as_bytes(told: Mapping[str, object]) -> bytes:
    """A manifest as it is written: the same content gives the same bytes."""
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _listed(files: Mapping[str, bytes]) -> list[dict[str, object]]:
    """The files as a manifest lists them, by path."""
    return [
        {"path": path, "size": len(content), "sha256": sha256(content).hexdigest()}
        for path, content in sorted(files.items())
    ]


def _path(name: str) -> str:
    inside = "/__init__" if is_package(name) else ""
    return f"{name.replace('.', '/')}{inside}.mpy"
