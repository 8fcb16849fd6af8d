"""The project's Python files as syntax trees."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src"


@dataclass(frozen=True, slots=True)
class Offence:
    """Something that a rule forbids. `where` is the enclosing function, "" outside any."""

    line: int
    what: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One file. `path` is relative to src/, with slashes."""

    path: str
    tree: ast.Module


@cache
def sources(*packages: str) -> tuple[Source, ...]:
    """Every Python file of the packages, parsed."""
    files = [path for package in packages for path in sorted((SRC / package).rglob("*.py"))]
    return tuple(
        Source(path.relative_to(SRC).as_posix(), ast.parse(path.read_text("utf-8")))
        for path in files
    )


def dotted(node: ast.AST) -> str:
    """`a.b.c` of a chain of names; "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (owner := dotted(node.value)):
        return f"{owner}.{node.attr}"
    return ""


def walk_with_function(node: ast.AST, inside: str = "") -> Iterator[tuple[ast.AST, str]]:
    """Every node below `node`, each with the name of the function it stands in."""
    for child in ast.iter_child_nodes(node):
        yield child, inside
        is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
        yield from walk_with_function(child, child.name if is_function else inside)


def imported_modules(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, dotted module) of each import that runs: those for type checkers only are left out."""
    for node in _without_type_checking(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module


def _without_type_checking(tree: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.If) and dotted(child.test).endswith("TYPE_CHECKING"):
            continue
        yield child
        yield from _without_type_checking(child)
