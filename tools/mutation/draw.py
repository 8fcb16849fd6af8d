"""Every small change that can be made in a module, from its syntax tree."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
_OTHER_NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}
_LOGS = ("print", "log", "logger", "logging", "warn")
_TEXTS = (ast.JoinedStr, ast.FormattedValue)


@dataclass(frozen=True, slots=True)
class Mutation:
    """One change: the bytes from `start` to `end` of a file become `after`."""

    file: str
    line: int
    last_line: int
    start: int
    end: int
    before: str
    after: str

    def __str__(self) -> str:
        before = " ".join(self.before.split())
        return f"{self.file}:{self.line}: {before} -> {self.after}"

    def made_in(self, source: bytes) -> bytes:
        """The source with the change."""
        return source[: self.start] + self.after.encode() + source[self.end :]


def mutations(root: Path, file: Path) -> list[Mutation]:
    """Every mutation of a file that still compiles, in the order of the file."""
    source = file.read_bytes()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found: list[Mutation] = []
    for node, after in _changes(ast.parse(source)):
        last = node.end_lineno or node.lineno
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[last - 1] + (node.end_col_offset or 0)
        before = source[start:end].decode()
        name = file.relative_to(root).as_posix()
        mutation = Mutation(name, node.lineno, last, start, end, before, after)
        if after != before and _compiles(mutation.made_in(source)):
            found.append(mutation)
    return sorted(found, key=lambda one: (one.start, one.end, one.after))


Node = ast.expr | ast.stmt


def _changes(tree: ast.AST) -> Iterator[tuple[Node, str]]:
    """Each node that can be changed, and what its text becomes."""
    for node in _code(tree):
        if isinstance(node, ast.expr):
            for change in _EXPRESSIONS:
                for changed in change(node):
                    yield node, f"({ast.unparse(changed)})"
        elif isinstance(node, ast.stmt):
            for changed in _statements(node):
                yield node, changed


def _code(tree: ast.AST) -> Iterator[ast.AST]:
    """What runs: no annotation, decorator, log, text or type checker's import."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        for node in value if isinstance(value, list) else [value]:  # pyright: ignore[reportUnknownVariableType]
            if isinstance(node, ast.AST) and not _is_silent(node):
                yield node
                yield from _code(node)


def _is_silent(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Import() | ast.ImportFrom():
            return True
        case ast.Expr(value=ast.Call(func=called)):
            return ast.unparse(called).split(".")[0].strip("_") in _LOGS
        case ast.If(test=ast.Name(id="TYPE_CHECKING")) | ast.Assert():
            return True
        case ast.Assign(targets=[ast.Name(id="TYPE_CHECKING")]):
            return True
        case _:
            return isinstance(node, _TEXTS)


def _other_operator(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Compare(left, operators, comparators):
            for place, operator in enumerate(operators):
                changed = [*operators]
                changed[place] = _swapped(operator)
                yield ast.Compare(left, changed, comparators)
        case ast.BoolOp(operator, values):
            yield ast.BoolOp(_swapped(operator), values)
        case ast.BinOp(left, operator, right) if type(operator) in _SWAPPED:
            if not _is_text(left) and not _is_text(right):
                yield ast.BinOp(left, _swapped(operator), right)
        case ast.UnaryOp(ast.Not() | ast.USub(), operand):
            yield operand
        case _:
            pass


def _other_value(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield ast.Constant(value + 1)
            yield ast.Constant(value - 1)
        case ast.Call(ast.Name(name), arguments, keywords) if name in _OTHER_NAMES:
            yield ast.Call(ast.Name(_OTHER_NAMES[name]), arguments, keywords)
        case ast.Subscript(value, ast.Slice(lower, upper, step)):
            if lower is not None:
                yield ast.Subscript(value, ast.Slice(None, upper, step))
            if upper is not None:
                yield ast.Subscript(value, ast.Slice(lower, None, step))
        case ast.IfExp(test, body, orelse):
            yield ast.IfExp(test, orelse, body)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            yield from _without_a_condition(node)
        case _:
            pass


def _without_a_condition(
    node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp,
) -> Iterator[ast.expr]:
    for place, generator in enumerate(node.generators):
        if not generator.ifs:
            continue
        unconditional = ast.comprehension(generator.target, generator.iter, [], generator.is_async)
        generators = [*node.generators]
        generators[place] = unconditional
        if isinstance(node, ast.DictComp):
            yield ast.DictComp(node.key, node.value, generators)
        else:
            yield type(node)(node.elt, generators)


_EXPRESSIONS: tuple[Callable[[ast.expr], Iterator[ast.expr]], ...] = (_other_operator, _other_value)


def _statements(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield "return None"
        case ast.Expr(value=ast.Call() | ast.Await()) | ast.Raise():
            yield "pass"
        case ast.AugAssign(target, operator, value):
            yield "pass"
            if type(operator) in _SWAPPED:
                yield ast.unparse(ast.AugAssign(target, _swapped(operator), value))
        case ast.Break():
            yield "continue"
        case ast.Continue():
            yield "break"
        case _:
            pass


def _swapped(operator: Any) -> Any:
    return _SWAPPED[type(operator)]()


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
    )


def _compiles(source: bytes) -> bool:
    try:
        compile(source, "mutation", "exec")
    except SyntaxError:
        return False
    return True
