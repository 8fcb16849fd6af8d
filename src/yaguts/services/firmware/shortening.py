"""Shorten the names that only their module uses, to the same few in each module.

MicroPython keeps every name that it has met for good, once, whichever module it came from.
"""

import ast
from collections.abc import Iterator, Mapping


def shortened(modules: Mapping[str, ast.Module]) -> dict[str, ast.Module]:
    """The modules with short private names. The trees that are given are changed.

    A private name begins with one underscore. Modules whose classes inherit from one another keep
    theirs.
    """
    kept = set(_joined_by_inheritance(modules))
    for name, tree in modules.items():
        if name not in kept:
            _Shortening(tree).visit(tree)
    return dict(modules)


class _Shortening(ast.NodeTransformer):
    """Gives the private names of one module the names `_0`, `_1` and so on."""

    def __init__(self, tree: ast.Module) -> None:
        names = dict.fromkeys(name for name in _defined(tree) if _is_private(name))
        self._short = {name: f"_{place}" for place, name in enumerate(names)}

    def visit(self, node: ast.AST) -> ast.AST:
        for field in ("id", "attr", "name", "arg"):
            name = getattr(node, field, None)
            if isinstance(name, str):
                setattr(node, field, self._short.get(name, name))
        if isinstance(node, ast.Global):
            node.names = [self._short.get(name, name) for name in node.names]
        return self.generic_visit(node)


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name != "_"


def _defined(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.arg():
                yield node.arg
            case ast.Name(ctx=ast.Store()):
                yield node.id
            case ast.Attribute(ctx=ast.Store()):
                yield node.attr
            case _:
                pass


def _joined_by_inheritance(modules: Mapping[str, ast.Module]) -> Iterator[str]:
    """Modules with a class whose base is imported from another, and those others."""
    for name, tree in modules.items():
        imported = {
            alias.asname or alias.name: node.module
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }
        for node in ast.walk(tree):
            for base in node.bases if isinstance(node, ast.ClassDef) else ():
                origin = imported.get(base.id) if isinstance(base, ast.Name) else None
                if origin in modules:
                    yield from (name, str(origin))
