"""Draw mutations and look whether the tests notice them: `python -m tools.mutation`.

The suite runs once to record which test runs which line. Each mutation is then tried by the tests
that run its line, and by the whole suite if they do not notice it. All of it happens in copies of
the last commit.
"""

import argparse
import os
import queue
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from importlib.util import cache_from_source
from pathlib import Path
from random import Random

from tools.mutation.draw import Mutation, mutations
from tools.mutation.record import Record, read, record
from tools.mutation.trees import USAGE, copy_tree, pytest

OVER = (
    "src/yaguts_device/core",
    "src/yaguts_device/journal",
    "src/yaguts_device/flow",
    "src/yaguts/domain",
    "src/yaguts/storage/ledger.py",
    "src/yaguts/storage/ledger_check.py",
    "src/yaguts/services/delivery",
    "src/yaguts/services/pantry/stock.py",
)
_STARTS_WITHIN_S = 20


class Outcome(StrEnum):
    """What became of a mutation. One that makes the tests endless is found."""

    FOUND = "found"
    ENDLESS = "endless"
    SURVIVED = "survived"


def main(arguments: Sequence[str]) -> int:
    """Run it. 0 when every mutation is found."""
    wanted = _parser().parse_args(arguments)
    folder = Path(wanted.record).absolute()
    processes = 2 * wanted.workers
    suite = [f"--numprocesses={processes}", "--dist=worksteal", *wanted.tests]
    with tempfile.TemporaryDirectory(prefix="yaguts-mutation-") as made:
        trees = [copy_tree(Path(made, str(number))) for number in range(wanted.workers)]
        drawn = _named(trees[0], wanted) if wanted.only else _draw(trees[0], wanted)
        if not wanted.keep or not folder.exists():
            shutil.rmtree(folder, ignore_errors=True)
            record(trees[0], folder, suite)
        known = read(folder, {one.file for one in drawn})
        for test in sorted(known.failed):
            print("left out, fails without a mutation:", test)
        survivors = _survivors(trees, drawn, known, wanted.seconds)
        if survivors and not wanted.quick:
            survivors = [one for one in survivors if not _found_by_all(trees[0], one, suite, known)]
            _tell("by all tests", drawn, survivors)
    return 1 if survivors else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.mutation", description=__doc__)
    parser.add_argument("over", nargs="*", help="files and folders instead of the usual ones")
    parser.add_argument("--mutations", type=int, default=300, help="how many to draw")
    parser.add_argument("--seed", type=int, default=1, help="what they are drawn from")
    parser.add_argument("--only", help="a file: only the mutations that it names, as printed here")
    parser.add_argument("--seconds", type=float, default=30, help="of tests for each mutation")
    parser.add_argument("--tests", nargs="+", default=["tests"], help="a part of the suite")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--record", default="build/mutation", help="the folder of the record")
    parser.add_argument("--keep", action="store_true", help="use the record that is there")
    parser.add_argument("--quick", action="store_true", help="no run of the whole suite")
    return parser


def _draw(tree: Path, wanted: argparse.Namespace) -> list[Mutation]:
    every = _every(tree, wanted.over)
    drawn = Random(wanted.seed).sample(every, min(wanted.mutations, len(every)))
    print(f"seed {wanted.seed}: {len(drawn)} of {len(every)} mutations", flush=True)
    return drawn


def _named(tree: Path, wanted: argparse.Namespace) -> list[Mutation]:
    named = Path(wanted.only).read_text("utf-8").splitlines()
    return [one for one in _every(tree, wanted.over) if any(str(one) in line for line in named)]


def _every(tree: Path, over: Sequence[str]) -> list[Mutation]:
    files: list[Path] = []
    for path in over or OVER:
        files += [tree / path] if path.endswith(".py") else sorted((tree / path).rglob("*.py"))
    return [mutation for file in files for mutation in mutations(tree, file)]


def _survivors(
    trees: Sequence[Path], drawn: Sequence[Mutation], known: Record, seconds: float
) -> list[Mutation]:
    free: queue.Queue[Path] = queue.Queue()
    for tree in trees:
        free.put(tree)

    def tried(mutation: Mutation) -> Outcome:
        tree = free.get()
        try:
            return _tried(tree, mutation, known, seconds)
        finally:
            free.put(tree)

    with ThreadPoolExecutor(len(trees)) as pool:
        outcomes = list(pool.map(tried, drawn))
    tried_ones = zip(drawn, outcomes, strict=True)
    survivors = [one for one, outcome in tried_ones if outcome == Outcome.SURVIVED]
    _tell("by the tests of its line", drawn, survivors)
    for outcome in Outcome:
        print(f"  {outcome}: {outcomes.count(outcome)}", flush=True)
    return survivors


def _tried(tree: Path, mutation: Mutation, known: Record, seconds: float) -> Outcome:
    tests = known.covering(mutation, seconds)
    names = tree / ".git" / "tests"
    names.write_text("\n".join(tests), "utf-8")
    started = time.monotonic()
    timeout = _STARTS_WITHIN_S + 4 * sum(known.times[test] for test in tests)
    outcome = _outcome(tree, mutation, ["-x", f"@{names}"], timeout)
    taken = f"{time.monotonic() - started:5.1f} s, {len(tests)} tests"
    print(f"{outcome:8}", taken, mutation, flush=True)
    return outcome


def _found_by_all(tree: Path, mutation: Mutation, suite: Sequence[str], known: Record) -> bool:
    arguments = ["-x", *suite, *(f"--deselect={test}" for test in known.failed)]
    outcome = _outcome(tree, mutation, arguments, None)
    print(outcome, "by all", mutation, flush=True)
    return outcome != Outcome.SURVIVED


def _outcome(
    tree: Path, mutation: Mutation, arguments: list[str], timeout: float | None
) -> Outcome:
    file = tree / mutation.file
    source = file.read_bytes()
    _write(file, mutation.made_in(source))
    try:
        status = pytest(tree, arguments, timeout)
    finally:
        _write(file, source)
    if status == USAGE and pytest(tree, [*arguments, "--collect-only"]) == USAGE:
        raise RuntimeError(f"pytest does not know these tests: {arguments}")
    if status is None:
        return Outcome.ENDLESS
    return Outcome.FOUND if status else Outcome.SURVIVED


def _write(file: Path, source: bytes) -> None:
    """Write a module. Python takes one of the same second and size for the one that it compiled."""
    file.write_bytes(source)
    Path(cache_from_source(str(file))).unlink(missing_ok=True)


def _tell(by: str, drawn: Sequence[Mutation], survivors: Sequence[Mutation]) -> None:
    found = len(drawn) - len(survivors)
    print(f"found {by}: {found} of {len(drawn)}, {found / len(drawn):.1%}", flush=True)
    for one in survivors:
        print("  survived:", one, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
