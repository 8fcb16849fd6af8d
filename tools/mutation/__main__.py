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
_STARTS_WITHIN_S = 60


def main(arguments: Sequence[str]) -> int:
    """Run it. 0 when every mutation is found."""
    wanted = _parser().parse_args(arguments)
    folder = Path(wanted.record).absolute()
    processes = 2 * wanted.workers
    suite = [f"--numprocesses={processes}", "--dist=worksteal", *wanted.tests]
    with tempfile.TemporaryDirectory(prefix="yaguts-mutation-") as made:
        trees = [copy_tree(Path(made, str(number))) for number in range(wanted.workers)]
        drawn = _draw(trees[0], wanted.over or OVER, wanted.mutations, wanted.seed)
        print(f"seed {wanted.seed}: {len(drawn)} mutations", flush=True)
        if not wanted.keep or not folder.exists():
            shutil.rmtree(folder, ignore_errors=True)
            record(trees[0], folder, suite)
        known = read(folder, {one.file for one in drawn})
        for test in sorted(known.failed):
            print("left out, fails without a mutation:", test)
        survivors = _survivors(trees, drawn, known)
        _tell("by the tests of its line", drawn, survivors)
        if survivors and not wanted.quick:
            survivors = [one for one in survivors if not _found_by_all(trees[0], one, suite, known)]
            _tell("by all tests", drawn, survivors)
    return 1 if survivors else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.mutation", description=__doc__)
    parser.add_argument("over", nargs="*", help="files and folders instead of the usual ones")
    parser.add_argument("--mutations", type=int, default=300, help="how many to draw")
    parser.add_argument("--seed", type=int, default=1, help="what they are drawn from")
    parser.add_argument("--tests", nargs="+", default=["tests"], help="a part of the suite")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--record", default="build/mutation", help="the folder of the record")
    parser.add_argument("--keep", action="store_true", help="use the record that is there")
    parser.add_argument("--quick", action="store_true", help="no run of the whole suite")
    return parser


def _draw(tree: Path, over: Sequence[str], number: int, seed: int) -> list[Mutation]:
    files: list[Path] = []
    for path in over:
        files += [tree / path] if path.endswith(".py") else sorted((tree / path).rglob("*.py"))
    every = [mutation for file in files for mutation in mutations(tree, file)]
    print(f"{len(every)} mutations are possible in {len(files)} files")
    return Random(seed).sample(every, min(number, len(every)))


def _survivors(trees: Sequence[Path], drawn: Sequence[Mutation], known: Record) -> list[Mutation]:
    free: queue.Queue[Path] = queue.Queue()
    for tree in trees:
        free.put(tree)

    def survives(mutation: Mutation) -> bool:
        tree = free.get()
        try:
            return not _found(tree, mutation, known)
        finally:
            free.put(tree)

    with ThreadPoolExecutor(len(trees)) as pool:
        return [one for one, left in zip(drawn, pool.map(survives, drawn), strict=True) if left]


def _found(tree: Path, mutation: Mutation, known: Record) -> bool:
    tests = known.covering(mutation)
    if not tests:
        print("NOT COVERED", mutation, flush=True)
        return False
    expected_s = sum(known.times[test] for test in tests)
    started = time.monotonic()
    names = tree / ".git" / "tests"
    names.write_text("\n".join(tests), "utf-8")
    found = _notices(tree, mutation, ["-x", f"@{names}"], _STARTS_WITHIN_S + 5 * expected_s)
    told = "found   " if found else "SURVIVED"
    print(told, f"{time.monotonic() - started:5.1f} s, {len(tests)} tests", mutation, flush=True)
    return found


def _found_by_all(tree: Path, mutation: Mutation, suite: Sequence[str], known: Record) -> bool:
    arguments = ["-x", *suite, *(f"--deselect={test}" for test in known.failed)]
    found = _notices(tree, mutation, arguments, None)
    print("found by all" if found else "SURVIVED ALL", mutation, flush=True)
    return found


def _notices(tree: Path, mutation: Mutation, arguments: list[str], timeout: float | None) -> bool:
    """Whether pytest notices the mutation. One that makes it endless is noticed."""
    file = tree / mutation.file
    source = file.read_bytes()
    file.write_bytes(mutation.made_in(source))
    try:
        status = pytest(tree, arguments, timeout)
    finally:
        file.write_bytes(source)
    if status == USAGE and pytest(tree, [*arguments, "--collect-only"]) == USAGE:
        raise RuntimeError(f"pytest does not know these tests: {arguments}")
    return status != 0


def _tell(by: str, drawn: Sequence[Mutation], survivors: Sequence[Mutation]) -> None:
    found = len(drawn) - len(survivors)
    print(f"found {by}: {found} of {len(drawn)}, {found / len(drawn):.1%}", flush=True)
    for one in survivors:
        print("  survived:", one, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
