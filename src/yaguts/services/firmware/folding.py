"""Fold the firmware's constants into the code that uses them, and leave out what a board ignores.

A name costs heap on the board wherever it is defined, imported and looked up. A constant is a name
of a module that is assigned once, there, with an integer, a text, bytes, a truth value or None, or
as one of several names of a `range`. What only CPython does is left out, too.
"""

import ast
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import cast

Constant = int | str | bytes | bool | None
Constants = Mapping[tuple[str, str], Constant]
"""Values by module and name."""

_OPERATIONS: Mapping[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.FloorDiv: lambda left, right: left // right,
    ast.LShift: lambda left, right: left << right,
    ast.BitOr: lambda left, right: left | right,
    ast.BitAnd: lambda left, right: left & right,
}


_IS_BOARD = "sys.implementation.name == 'micropython'"


def folded(modules: Mapping[str, ast.Module]) -> dict[str, ast.Module]:
    """The modules with their constants folded in. The trees that are given are changed."""
    for tree in modules.values():
        _Stripping().visit(tree)
    constants = _fold_constants(modules)
    used = _attributes(modules)
    for name, tree in modules.items():
        _leave_out_definitions(name, tree, constants, used)
        _leave_out_unused_imports(tree)
        ast.fix_missing_locations(tree)
    return dict(modules)


def _fold_constants(modules: Mapping[str, ast.Module]) -> dict[tuple[str, str], Constant]:
    constants: dict[tuple[str, str], Constant] = {}
    while True:  # A folded constant can make another expression a constant.
        before = len(constants)
        for name, tree in modules.items():
            constants.update({(name, key): value for key, value in _constants_of(tree)})
        if len(constants) == before:
            return constants
        for name, tree in modules.items():
            _Folding(name, tree, modules, constants).visit(tree)


class _Stripping(ast.NodeTransformer):
    """Leaves out docstrings and annotations."""

    def visit_Module(self, node: ast.Module) -> ast.Module:
        self.generic_visit(node)
        node.body = _without_texts(node.body)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        self.generic_visit(node)
        node.body = _without_texts(node.body) or [ast.Pass()]
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        node.returns = None
        node.body = _without_texts(node.body) or [ast.Pass()]
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AsyncFunctionDef:
        self.generic_visit(node)
        node.returns = None
        node.body = _without_texts(node.body) or [ast.Pass()]
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.Assign | None:
        self.generic_visit(node)
        return None if node.value is None else ast.Assign([node.target], node.value)


class _Folding(ast.NodeTransformer):
    """Puts values in the place of names, computes with them, and drops branches never taken."""

    def __init__(
        self,
        name: str,
        tree: ast.Module,
        modules: Mapping[str, ast.Module],
        constants: Constants,
    ) -> None:
        self._name = name
        self._constants = constants
        self._modules, self._names = _imports(tree, modules)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        node.body = node.body or [ast.Pass()]
        return node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        where = self._names.get(node.id, (self._name, node.id))
        return self._value(node, where)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.value, ast.Name) and node.value.id in self._modules:
            return self._value(node, (self._modules[node.value.id], node.attr))
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        compute = _OPERATIONS.get(type(node.op))
        left, right = _integer(node.left), _integer(node.right)
        if compute is None or left is None or right is None:
            return node
        return ast.Constant(compute(left, right))

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.op, ast.Not) and isinstance(node.operand, ast.Constant):
            return ast.Constant(not node.operand.value)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        return ast.Constant(value=True) if ast.unparse(node) == _IS_BOARD else node

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.test, ast.Constant):
            return node.body if node.test.value else node.orelse
        return node

    def visit_If(self, node: ast.If) -> ast.stmt | list[ast.stmt]:
        self.generic_visit(node)
        if isinstance(node.test, ast.Constant):
            return node.body if node.test.value else node.orelse
        return node

    def _value(self, node: ast.Name | ast.Attribute, where: tuple[str, str]) -> ast.expr:
        if isinstance(node.ctx, ast.Load) and where in self._constants:
            return ast.Constant(self._constants[where])
        return node


def _without_texts(body: list[ast.stmt]) -> list[ast.stmt]:
    return [statement for statement in body if not _is_text(statement)]


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _integer(node: ast.expr) -> int | None:
    return node.value if isinstance(node, ast.Constant) and type(node.value) is int else None


def _constants_of(tree: ast.Module) -> Iterator[tuple[str, Constant]]:
    assigned = _assignments(tree)
    for statement in tree.body:
        name = _assigned_name(statement)
        if name is not None and assigned[name] == 1:
            value = cast("ast.Assign", statement).value
            if isinstance(value, ast.Constant) and isinstance(value.value, Constant):
                yield name, value.value
        for number, key in enumerate(_numbered(statement)):
            if assigned[key] == 1:
                yield key, number


def _numbered(statement: ast.stmt) -> list[str]:
    """The names that a `range` is assigned to: A and B of `A, B = NAMES = range(2)`."""
    if not isinstance(statement, ast.Assign) or not _is_range(statement.value):
        return []
    return [name for target in statement.targets for name in _names_of(target)]


def _names_of(target: ast.expr) -> list[str]:
    if not isinstance(target, ast.Tuple):
        return []
    return [part.id for part in target.elts if isinstance(part, ast.Name)]


def _is_range(value: ast.expr) -> bool:
    """Whether it is a `range` from 0."""
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and value.func.id == "range"
        and len(value.args) == 1
    )


def _assigned_name(statement: ast.stmt) -> str | None:
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        return target.id if isinstance(target, ast.Name) else None
    return None


def _assignments(tree: ast.Module) -> Counter[str]:
    """How often each name is bound anywhere in the module, arguments included."""
    bound = Counter(
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
    )
    bound.update(node.arg for node in ast.walk(tree) if isinstance(node, ast.arg))
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            bound.update(2 * node.names)
    return bound


def _imports(
    tree: ast.Module, modules: Mapping[str, ast.Module]
) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """What the imported names stand for: modules, or names in modules."""
    of_modules: dict[str, str] = {}
    of_names: dict[str, tuple[str, str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                if whole in modules:
                    of_modules[alias.asname or alias.name] = whole
                else:
                    of_names[alias.asname or alias.name] = (node.module, alias.name)
    return of_modules, of_names


def _attributes(modules: Mapping[str, ast.Module]) -> set[str]:
    """Every attribute that is still looked up somewhere, on whatever object."""
    return {
        node.attr
        for tree in modules.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
    }


def _leave_out_definitions(
    name: str, tree: ast.Module, constants: Constants, used: set[str]
) -> None:
    tree.body = [
        statement
        for statement in tree.body
        if (key := _assigned_name(statement)) is None or (name, key) not in constants or key in used
    ]


def _leave_out_unused_imports(tree: ast.Module) -> None:
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    kept: list[ast.stmt] = []
    for statement in tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            statement.names = [
                alias
                for alias in statement.names
                if (alias.asname or alias.name.partition(".")[0]) in used
            ]
            if not statement.names:
                continue
        kept.append(statement)
    tree.body = kept
