"""A copy of the sources in which a test follows a recipe of `CONTRIBUTING.md`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.architecture.sources import ROOT


class PlantedCopy:
    """The copy, and the files that the recipe has taken so far."""

    def __init__(self, folder: Path) -> None:
        self.source = folder / "src"
        self.files: list[Path] = []
        self._folder = folder
        shutil.copytree(ROOT / "src", self.source, ignore=shutil.ignore_patterns("__pycache__"))

    def add(self, path: str, text: str) -> None:
        """Add a file. `path` is relative to the sources."""
        file = self.source / path
        assert not file.exists(), file
        file.write_text(text, "utf-8")
        self.files.append(file)

    def change(self, path: str, change: Callable[[str], str]) -> None:
        """Change a file. It is an error when nothing changes."""
        file = self.source / path
        before = file.read_text("utf-8")
        after = change(before)
        assert after != before, file
        file.write_text(after, "utf-8")
        self.files.append(file)

    def run_its_test(self, script: str) -> None:
        """Run the script on the copy, as the recipe's test. It must end without an error."""
        its_test = self._folder / "its_test.py"
        its_test.write_text(script, "utf-8")
        self.files.append(its_test)
        paths = os.pathsep.join([str(self.source), str(ROOT)])
        done = subprocess.run(
            [sys.executable, str(its_test)],
            env={**os.environ, "PYTHONPATH": paths},
            cwd=self._folder,
            capture_output=True,
            check=False,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def in_texts(lines: str) -> Callable[[str], str]:
    """The change that puts these lines first into a catalogue of texts."""
    return lambda text: text.replace("TEXTS = {\n", "TEXTS = {\n" + lines, 1)
