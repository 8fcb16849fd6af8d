"""Copies of the committed tree in which mutations are made, and pytest in them."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_ENVIRONMENTS = (".venv", ".venv-micropython", "typings")
USAGE = 4
"""Pytest's status when it does not know what it was told to run."""


def copy_tree(to: Path) -> Path:
    """Clone the last commit, with the environments of this tree."""
    subprocess.run(["git", "clone", "--quiet", "--shared", ROOT, to], check=True)
    for name in _ENVIRONMENTS:
        (to / name).symlink_to(ROOT / name)
    return to


def pytest(
    tree: Path,
    arguments: Sequence[str],
    timeout: float | None = None,
    environment: Mapping[str, str] | None = None,
    output: Path | None = None,
) -> int | None:
    """Run pytest on a copy. Its status; None when it was stopped because it took too long."""
    surroundings = {**os.environ, **(environment or {}), "PYTHONPATH": str(tree / "src")}
    with (output or Path(os.devnull)).open("w") as told:
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", *arguments],
            cwd=tree,
            env=surroundings,
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=told,
            start_new_session=True,
        )
        try:
            return process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End whatever the tests have started and left."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
