"""Every mutant is found: a checker that never fails proves nothing."""

import ast
import re
from collections.abc import Iterator
from inspect import getsource
from multiprocessing import get_context

import pytest

from yaguts_sim.checkers import final, online
from yaguts_sim.events import nonsense
from yaguts_sim.mutants.mutant import active
from yaguts_sim.mutants.table import MUTANTS, find, find_in_short

AT_ONCE = (
    "last slice too long",
    "outputs not cleared on boot",
    "report without its key",
    "answered before it is booked",
    "promise not moved",
    "cancel not heard",
    "cancelled job may start",
    "time to live ignored",
    "old by the clock",
    "garbage moves other jars",
    "waking poll skips the token",
)
"""The mutants that every test run looks for: found with the first seeds, one a promise."""
_OF_THE_MUTANT_ITSELF = re.compile("crash: .*: (TypeError|AttributeError|NameError)")
"""What it raises when it no longer fits the code that it replaces."""


def test_one_mutant_for_each_promise_is_looked_for_at_once() -> None:
    promised = {promise for name in AT_ONCE for promise in MUTANTS[name].breaks}
    assert promised >= {f"I{number}" for number in range(1, 10)}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_replaces_what_is_there(name: str) -> None:
    with active(MUTANTS[name]):
        pass


@pytest.mark.parametrize("name", AT_ONCE)
def test_a_mutant_is_found_at_once(name: str) -> None:
    _, found = find(name)
    assert found is not None, MUTANTS[name].description
    assert found.seeds <= 10


@pytest.mark.more
@pytest.mark.timeout(1200)
def test_every_mutant_is_found_and_every_check_finds_one() -> None:
    with get_context("spawn").Pool(2) as pool:
        found = dict(pool.imap_unordered(find_in_short, MUTANTS))
    assert [name for name in MUTANTS if found[name] is None] == []
    told = {str(broken) for mutant in found.values() if mutant for broken in mutant.violations}
    idle = [check for check in _checks() if not any(re.match(check, text) for text in told)]
    assert idle == []
    assert [text for text in told if _OF_THE_MUTANT_ITSELF.match(text)] == []


def _checks() -> Iterator[str]:
    """The text of each check's violation, as a pattern, read from the source."""
    for module in (online, final, nonsense):
        for node in ast.walk(ast.parse(getsource(module))):
            match node:
                case ast.Call(args=[ast.Constant(value=str(promise)), text]) if promise[0] == "I":
                    yield f"{promise}: {_pattern(text)}"


def _pattern(text: ast.expr) -> str:
    match text:
        case ast.Constant(value=str(words)):
            return re.escape(words)
        case ast.JoinedStr(values=parts):
            return "".join(_pattern(part) for part in parts)
        case _:
            return ".*"
