"""The rules of the house that no linter knows: each finds its offences in one syntax tree."""

import ast
import re
import sys
from collections.abc import Iterator

from tests.architecture.sources import Offence, dotted, imported_modules, walk_with_function
from yaguts_wire import words

HARDWARE = {"esp", "esp32", "machine", "neopixel", "network"}
ON_THE_BOARD = HARDWARE | {
    "array", "asyncio", "binascii", "collections", "cryptolib", "deflate", "errno", "gc", "hashlib",
    "io", "json", "math", "micropython", "ntptime", "os", "platform", "random", "re", "select",
    "socket", "ssl", "struct", "sys", "time", "tls", "vfs", "yaguts_device", "yaguts_wire",
}  # fmt: skip
NOT_ON_THE_BOARD = (ast.Match, ast.TryStar)
CLOCKS = {
    "datetime.now", "datetime.today", "datetime.utcnow", "date.today", "os.urandom",
    "time.gmtime", "time.localtime", "time.monotonic", "time.monotonic_ns", "time.perf_counter",
    "time.perf_counter_ns", "time.ticks_ms", "time.ticks_us", "time.time", "time.time_ns",
    "uuid.uuid1", "uuid.uuid4",
}  # fmt: skip
CHANCE = {"random", "secrets"}
NO_CHANCE = {"random.Random", "secrets.compare_digest"}
ORDERS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
TIME = re.compile(r"at|clock|moment|now|since|today|until|\w+_at|\w+_since")
"""What a time is called in the code."""
TIME_IN_SQL = re.compile(r"\b(at|since|\w+_at|\w+_since) ?[<>]|[<>]=? ?(\w+\.)?(at|since|\w+_at)\b")
MAX_FUNCTION_LINES = 70
ENGLISH = set(
    "active any at canceled cancelled claim code complete config created data deducted"
    " delay detail device devices done dose entry error execution expires failed finished fw"
    " heartbeat holding id intensity job key last log logs mac max message motor ms ok"
    " online partial pending ping pong post pre progress queued running runtime sec seen"
    " start started status stock stop timestamp token type uid updated utc version vibration"
    " yaguts".split()
)
"""The English that the wire's words are made of: what is left is Portuguese."""
PORTUGUESE = {
    word
    for name, word in vars(words).items()
    if name.isupper()
    and isinstance(word, str)
    and not set(word.lower().replace("-", "_").split("_")) <= ENGLISH
}
PORTUGUESE_LETTERS = set("áàâãéêíóôõúçÁÀÂÃÉÊÍÓÔÕÚÇ")


def what_the_board_lacks(tree: ast.Module) -> Iterator[Offence]:
    """Modules and syntax that MicroPython does not have."""
    for line, module in imported_modules(tree):
        if module.split(".")[0] not in ON_THE_BOARD:
            yield Offence(line, f"import {module}")
    for node in ast.walk(tree):
        if isinstance(node, NOT_ON_THE_BOARD):
            yield Offence(node.lineno, type(node).__name__.lower())
        if isinstance(node, ast.arguments) and node.posonlyargs:
            yield Offence(node.posonlyargs[0].lineno, "positional-only parameters")


def hardware(tree: ast.Module) -> Iterator[Offence]:
    """Imports of the modules that only an ESP32 has."""
    for line, module in imported_modules(tree):
        if module.split(".")[0] in HARDWARE:
            yield Offence(line, f"import {module}")


def outside_the_standard_library(tree: ast.Module) -> Iterator[Offence]:
    """Imports of anything but Python's own modules and the domain itself."""
    for line, module in imported_modules(tree):
        own = module == "yaguts.domain" or module.startswith("yaguts.domain.")
        if not own and module.split(".")[0] not in sys.stdlib_module_names:
            yield Offence(line, f"import {module}")


def clock_or_chance(tree: ast.Module) -> Iterator[Offence]:
    """Reading a clock, or importing chance. Time, randomness and identity come in as arguments."""
    for node, where in walk_with_function(tree):
        if isinstance(node, ast.Attribute):
            names = {".".join(dotted(node).split(".")[-2:])} & CLOCKS
        elif isinstance(node, ast.Import):
            names = {alias.name for alias in node.names} & CHANCE
        elif isinstance(node, ast.ImportFrom):
            imported = {f"{node.module}.{alias.name}" for alias in node.names}
            names = imported - NO_CHANCE if node.module in CHANCE else imported & CLOCKS
        else:
            continue
        yield from (Offence(node.lineno, name, where) for name in sorted(names))


def broad_except(tree: ast.Module) -> Iterator[Offence]:
    """`except:`, `except Exception` and `except BaseException`, alone or in company."""
    for node, where in walk_with_function(tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        for each in caught:
            if each is None or dotted(each) in ("Exception", "BaseException"):
                yield Offence(node.lineno, "broad except", where)


def portuguese(tree: ast.Module) -> Iterator[Offence]:
    """Words of the wire, and anything accented, written out in the code."""
    docstrings = {id(text) for text in _docstrings(tree)}
    for node, where in walk_with_function(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if id(node) in docstrings:
            continue
        if node.value in PORTUGUESE or PORTUGUESE_LETTERS & set(node.value):
            yield Offence(node.lineno, repr(node.value), where)


def long_function(tree: ast.Module) -> Iterator[Offence]:
    """Functions that do not fit on a screen."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MAX_FUNCTION_LINES:
                yield Offence(node.lineno, f"{lines} lines", node.name)


def bare_time(tree: ast.Module) -> Iterator[Offence]:
    """A stored time compared with another by `<`, or taken from it: it may be in the future."""
    docstrings = {id(text) for text in _docstrings(tree)}
    for node, where in walk_with_function(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            bare = any(isinstance(each, ORDERS) for each in node.ops) and any(map(_time, sides))
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
            bare = _time(node.left) or _time(node.right)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            bare = id(node) not in docstrings and TIME_IN_SQL.search(node.value) is not None
        else:
            continue
        if bare:
            yield Offence(node.lineno, ast.unparse(node), where)


def _time(node: ast.expr) -> bool:
    """Whether a name says that it is a time: `now`, `site.clock()`, `job.heard_at`."""
    inner = node.func if isinstance(node, ast.Call) else node
    name = inner.attr if isinstance(inner, ast.Attribute) else getattr(inner, "id", "")
    return TIME.fullmatch(name) is not None


def _docstrings(tree: ast.Module) -> Iterator[ast.expr]:
    """The strings that stand alone as a statement: docstrings, also those below a constant."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
