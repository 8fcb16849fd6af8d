"""What the recorded run of the suite says: which tests run a line, and how long each takes."""

import ast
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from coverage import CoverageData

from tools.mutation.draw import Mutation
from tools.mutation.recorder import DATA, FOLDER, TIMES
from tools.mutation.trees import ROOT, pytest

_TREE = "tree.txt"
_SIMULATED = "tests/yaguts_sim"


@dataclass(frozen=True)
class Record:
    """The tests of each line, and how long each took. `failed`: those to leave out."""

    tests: dict[str, dict[int, list[str]]]
    times: dict[str, float]
    failed: frozenset[str]

    def covering(self, mutation: Mutation, at_most_s: float) -> list[str]:
        """The tests to run, the nearest and fastest first, as many as took `at_most_s` together.

        Code that runs at import counts for every test that runs a line of the module or whose
        file imports it. If there is none, it counts for all tests.
        """
        lines = self.tests.get(mutation.file, {})
        span = range(mutation.line, mutation.last_line + 1)
        found = {test for line in span for test in lines.get(line, ())}
        if not found:
            found = {test for tests in lines.values() for test in tests}
            found |= {
                test for test in self.times if _imports(test.partition("::")[0], mutation.file)
            }
        found = (found or self.times.keys()) - self.failed
        ordered = sorted(found, key=lambda test: self._order(mutation, test))
        return self._within(at_most_s, ordered)

    def _order(self, mutation: Mutation, test: str) -> tuple[bool, bool, float]:
        own = f"test_{Path(mutation.file).name}" in test
        return not own, test.startswith(_SIMULATED), self.times[test]

    def _within(self, left_s: float, tests: Iterable[str]) -> list[str]:
        chosen: list[str] = []
        for test in tests:
            left_s -= self.times[test]
            if chosen and left_s < 0:
                break
            chosen.append(test)
        return chosen


@cache
def _imports(file: str, module: str) -> bool:
    """Whether the file of a test imports the module by its name."""
    name = module.removeprefix("src/").removesuffix(".py").replace("/", ".")
    path = ROOT / file
    imports = ast.walk(ast.parse(path.read_bytes())) if path.exists() else ()
    return any(
        isinstance(node, ast.ImportFrom)
        and name in (node.module, *(f"{node.module}.{one.name}" for one in node.names))
        for node in imports
    )


def record(tree: Path, folder: Path, arguments: Sequence[str]) -> None:
    """Run the suite once and record it. It takes about twice as long as the suite."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _TREE).write_text(str(tree), "utf-8")
    plugin = ("-p", "tools.mutation.recorder", "--timeout=600")
    pytest(tree, (*plugin, *arguments), None, {FOLDER: str(folder)}, folder / "output.txt")


def read(folder: Path, files: Iterable[str]) -> Record:
    """Read the record of these files."""
    tree = Path((folder / _TREE).read_text("utf-8"))
    told = json.loads((folder / TIMES).read_text("utf-8"))
    failed = frozenset(told["failed"])
    tests: dict[str, dict[int, list[str]]] = {file: {} for file in files}
    for part in sorted(folder.glob(f"{DATA}.*")):
        data = CoverageData(str(part))
        data.read()
        for file, lines in tests.items():
            for line, contexts in data.contexts_by_lineno(str(tree / file)).items():
                passed = {one for one in contexts if one and one not in failed}
                lines.setdefault(line, []).extend(passed)
    return Record(tests, told["times"], failed)
