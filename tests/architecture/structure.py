"""What a reader meets in `src/`: arrows between folders, files in a folder, names, lengths.

`python -m tests.architecture.structure [SRC]` prints the figures; `test_structure.py` holds them.
"""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.architecture.sources import SRC

FOLDERS_WITH_ARROWS = ("yaguts/services", "yaguts/api", "yaguts_sim")
CODE, PAGES = "*.py", "*.html"


@dataclass(frozen=True, slots=True)
class Lengths:
    """Lines, and how they are spread over modules or functions."""

    middle: float
    p90: int
    longest: int

    def __str__(self) -> str:
        return f"median {self.middle:g}, p90 {self.p90}, max {self.longest}"


def modules_in(src: Path) -> dict[str, ast.Module]:
    """Every module of the tree, by its dotted name."""
    return {_name(src, file): ast.parse(file.read_text("utf-8")) for file in src.rglob(CODE)}


def arrows(folder: str, modules: Mapping[str, ast.Module]) -> set[tuple[str, str]]:
    """The pairs of children of a folder of which one imports something of the other."""
    package = folder.replace("/", ".")
    found: set[tuple[str, str]] = set()
    for name, tree in modules.items():
        importer = _child(package, name)
        for imported in _imports(tree, modules):
            target = _child(package, imported)
            if importer and target and importer != target:
                found.add((importer, target))
    return found


def cycle(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Children that import each other in a ring, or nothing."""
    following: defaultdict[str, set[str]] = defaultdict(set)
    for importer, target in pairs:
        following[importer].add(target)
    left = dict(following)
    while left:
        done = [name for name, targets in left.items() if not targets & left.keys()]
        if not done:
            return sorted(left)
        for name in done:
            del left[name]
    return []


def files_per_folder(src: Path, kind: str = CODE) -> dict[str, int]:
    """How many files of a kind lie directly in each folder."""
    counted: defaultdict[str, int] = defaultdict(int)
    for file in src.rglob(kind):
        counted[file.parent.relative_to(src).as_posix()] += 1
    return dict(counted)


def repeated_types(modules: Mapping[str, ast.Module]) -> dict[str, list[str]]:
    """Classes and capitalised aliases that stand in more than one module."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name, tree in sorted(modules.items()):
        for type_name in _types(tree):
            found[type_name].append(name)
    return {type_name: where for type_name, where in found.items() if len(where) > 1}


def module_lengths(src: Path) -> Lengths:
    """Lines of the modules that are not empty shells."""
    lines = [len(file.read_text("utf-8").splitlines()) for file in src.rglob(CODE)]
    return _lengths([count for count in lines if count > 1])


def function_lengths(modules: Iterable[ast.Module]) -> Lengths:
    """Lines of the bodies of functions: decorators, signature and docstring do not count."""
    return _lengths([_body_lines(node) for tree in modules for node in _functions(tree)])


def _name(src: Path, file: Path) -> str:
    parts = file.relative_to(src).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _child(package: str, module: str) -> str:
    below = module.removeprefix(f"{package}.")
    return "" if below == module else below.split(".")[0]


def _imports(tree: ast.Module, modules: Mapping[str, ast.Module]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in modules else node.module


def _types(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield node.name
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name[:1].isupper() and not name.isupper() and "_" not in name:
                yield name


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    if not body:
        return 0
    return (body[-1].end_lineno or body[-1].lineno) - body[0].lineno + 1


def _lengths(lines: list[int]) -> Lengths:
    ordered = sorted(lines)
    return Lengths(median(ordered), ordered[len(ordered) * 9 // 10], ordered[-1])


def main(src: Path) -> None:
    """Print the figures of a tree."""
    modules = modules_in(src)
    for folder in FOLDERS_WITH_ARROWS:
        files = sum(name.startswith(folder.replace("/", ".") + ".") for name in modules)
        pairs = arrows(folder, modules)
        print(f"{folder}: {files} modules, {len(pairs)} arrows between its children")
    crowded = {name: count for name, count in files_per_folder(src).items() if count > 14}
    print(f"folders above 14 modules: {crowded}")
    print(f"type names that stand twice: {len(repeated_types(modules))}")
    print(f"lines of a module: {module_lengths(src)}")
    print(f"lines of a function's body: {function_lengths(modules.values())}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SRC)
