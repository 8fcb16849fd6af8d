"""What the recorded run of the suite says: which tests run a line, and how long each takes."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from coverage import CoverageData

from tools.mutation.draw import Mutation
from tools.mutation.recorder import DATA, FOLDER, TIMES
from tools.mutation.trees import pytest

_AT_MOST_S = 30.0
"""How long the tests of one mutation may take together, as recorded."""
_TREE = "tree.txt"
_SIMULATED = "tests/yaguts_sim"


@dataclass(frozen=True)
class Record:
    """The tests of each line, and how long each took. `failed`: those to leave out."""

    tests: dict[str, dict[int, list[str]]]
    times: dict[str, float]
    failed: frozenset[str]

    def covering(self, mutation: Mutation) -> list[str]:
        """The tests to run, the nearest and fastest first. A module's own lines are everybody's."""
        lines = self.tests.get(mutation.file, {})
        span = range(mutation.line, mutation.last_line + 1)
        found = {test for line in span for test in lines.get(line, ())}
        if not found:
            found = {test for tests in lines.values() for test in tests}
        return self._within_the_time(sorted(found, key=lambda test: self._order(mutation, test)))

    def _order(self, mutation: Mutation, test: str) -> tuple[bool, bool, float]:
        own = f"test_{Path(mutation.file).name}" in test
        return not own, test.startswith(_SIMULATED), self.times[test]

    def _within_the_time(self, tests: Iterable[str]) -> list[str]:
        chosen: list[str] = []
        left = _AT_MOST_S
        for test in tests:
            left -= self.times[test]
            if chosen and left < 0:
                break
            chosen.append(test)
        return chosen


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
