"""The modules that a board needs, read as text: the server never imports the firmware."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("yaguts_device", "yaguts_wire")
BOARD = "yaguts_device.main"
"""Where a board begins."""
VIRTUAL_BOARD = "yaguts_device.__main__"
DRIVERS = "yaguts_device.hal.drivers"

Modules = Mapping[str, ast.Module]
"""Syntax trees by the names of the modules."""


def all_modules() -> dict[str, ast.Module]:
    """Every module of the firmware and the wire, parsed. None of them is imported."""
    return {name: ast.parse(text, name) for name, text in source_texts()}


def source_texts() -> Iterator[tuple[str, str]]:
    """The name and the text of every module of the firmware and the wire, in a fixed order."""
    for package in PACKAGES:
        root = _folder(package)
        for file in sorted(root.rglob("*.py")):
            yield _module_name(file, root.parent), file.read_text("utf-8")


def pages() -> Iterator[tuple[str, bytes]]:
    """The path and the content of every page that the firmware sends, in a fixed order."""
    for package in PACKAGES:
        root = _folder(package)
        for file in sorted(root.rglob("*.html")):
            yield file.relative_to(root.parent).as_posix(), file.read_bytes()


def needed(modules: Modules, entry: str = BOARD) -> list[str]:
    """The names of the modules that `entry` needs, sorted. Packages are among them.

    A board loads the drivers that its wiring names, so it needs them all.
    """
    seen: set[str] = set()
    drivers = [name for name in modules if name.startswith(DRIVERS + ".")]
    waiting = [entry, *(drivers if entry == BOARD else ())]
    while waiting:
        name = waiting.pop()
        if name in modules and name not in seen:
            seen.add(name)
            waiting.extend(_packages_of(name))
            waiting.extend(imported(modules[name]))
    return sorted(seen)


def version() -> str:
    """The firmware's version."""
    tree = ast.parse((_folder("yaguts_device") / "__init__.py").read_text("utf-8"))
    return next(
        str(ast.literal_eval(node.value))
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "VERSION"
    )


def imported(tree: ast.Module) -> Iterable[str]:
    """The dotted names that a module imports: of modules, or of what is in them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_package(name: str) -> bool:
    """Whether the module is a package."""
    return (_folder(name.partition(".")[0]).parent / name.replace(".", "/")).is_dir()


def _folder(package: str) -> Path:
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def _module_name(file: Path, root: Path) -> str:
    parts = file.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _packages_of(name: str) -> Iterable[str]:
    parts = name.split(".")
    return (".".join(parts[:length]) for length in range(1, len(parts)))
