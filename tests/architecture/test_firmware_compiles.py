"""MicroPython's own compiler accepts every file that goes onto the board."""

import subprocess
from pathlib import Path

import pytest

from tests.architecture.sources import SRC
from tests.support.components import mpy_cross

FILES = [path for name in ("yaguts_device", "yaguts_wire") for path in (SRC / name).rglob("*.py")]


ARCHITECTURES = ("xtensawin", "rv32imc")
"""Of the ESP32 and the S3, and of the C3."""


def compiled(
    file: Path, output: Path, architecture: str = "xtensawin"
) -> subprocess.CompletedProcess[str]:
    command = [mpy_cross(), f"-march={architecture}", "-o", output, file]
    return subprocess.run(command, capture_output=True, check=False, text=True)


@pytest.mark.parametrize("file", sorted(FILES), ids=lambda path: str(path.relative_to(SRC)))
def test_the_file_compiles(file: Path, tmp_path: Path) -> None:
    for architecture in ARCHITECTURES:
        result = compiled(file, tmp_path / "out.mpy", architecture)
        assert result.returncode == 0, result.stderr


def test_what_the_board_cannot_compile_is_refused(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text("match 1:\n    case 1:\n        pass\n")

    assert compiled(planted, tmp_path / "out.mpy").returncode != 0
