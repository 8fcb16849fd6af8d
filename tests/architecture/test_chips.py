"""The firmware is checked against the modules of each chip, and what one chip lacks is found."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

PLANTED = "import esp32\n\nprint(esp32.raw_temperature())\n"
PROJECTS = {
    "esp32": ("pyright-device.json", True),
    "esp32-s3": ("pyright-device-s3.json", False),
    "esp32-c3": ("pyright-device-c3.json", False),
}
"""The project of each chip, and whether the chip has the sensor that is planted."""


@pytest.mark.parametrize("chip", PROJECTS)
def test_a_call_that_the_chip_lacks_is_found(chip: str, tmp_path: Path) -> None:
    project, has_it = PROJECTS[chip]
    (tmp_path / "planted.py").write_text(PLANTED)
    (tmp_path / "pyrightconfig.json").write_text(
        json.dumps({"extends": str(ROOT / "tools" / project), "include": ["."]})
    )
    checker = Path(sys.executable).with_name("basedpyright")
    done = subprocess.run(
        [checker, "--project", tmp_path], capture_output=True, check=False, text=True
    )

    assert (done.returncode == 0) is has_it, done.stdout
    assert ('"raw_temperature" is not a known attribute' in done.stdout) is not has_it


def test_make_check_asks_for_each_chip() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")

    for project, _ in PROJECTS.values():
        assert f"--project tools/{project}\n" in makefile
