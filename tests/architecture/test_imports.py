"""import-linter's contracts hold, and each of them bites when an import is planted."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

PLANTED = [
    ("packages", "yaguts_wire/planted.py", "import yaguts_device"),
    ("packages", "yaguts/services/planted.py", "import yaguts_device"),
    ("packages", "yaguts_device/core/planted.py", "import yaguts.domain"),
    ("packages", "yaguts/cli/planted.py", "import yaguts_sim"),
    ("server", "yaguts/domain/planted.py", "import yaguts.storage"),
    ("server", "yaguts/storage/planted.py", "import yaguts.services"),
    ("server", "yaguts/services/planted.py", "import yaguts.api"),
    ("server", "yaguts/services/planted.py", "import yaguts.translations"),
    ("server", "yaguts/api/planted.py", "import yaguts.cli"),
    ("server", "yaguts/api/planted.py", "import yaguts.web"),
    ("server", "yaguts/api/planted.py", "import yaguts.app"),
    ("server", "yaguts/http/planted.py", "import yaguts.api"),
    ("web-without-routes", "yaguts/web/planted.py", "import yaguts.api.jobs"),
    ("services", "yaguts/services/pantry/planted.py", "import yaguts.services.jobs"),
    ("services", "yaguts/services/delivery/planted.py", "import yaguts.services.pantry"),
    ("services", "yaguts/services/runtime/planted.py", "import yaguts.services.audit_log"),
    ("services", "yaguts/services/a_folder_without_a_place.py", ""),
    ("domain", "yaguts/domain/jobs/planted.py", "import yaguts.domain.stock"),
    ("pages-read-apart", "yaguts/services/planted.py", "import recipe_scrapers"),
    ("simulator", "yaguts_sim/device/planted.py", "import yaguts_sim.checkers"),
    ("simulator", "yaguts_sim/server/planted.py", "import yaguts_sim.network"),
    ("server", "yaguts/a_package_without_a_place.py", ""),
    ("firmware", "yaguts_device/core/planted.py", "import yaguts_device.net"),
    ("firmware", "yaguts_device/net/planted.py", "import yaguts_device.hal.virtual"),
    ("firmware", "yaguts_device/journal/planted.py", "import yaguts_device.flow"),
    ("firmware-interface", "yaguts_device/flow/planted.py", "import yaguts_device.hal.esp32"),
    ("firmware-interface", "yaguts_device/flow/planted.py", "import yaguts_device.hal.drivers"),
    ("firmware", "yaguts_device/hal/planted.py", "import yaguts_device.app"),
    ("pure-domain", "yaguts/domain/planted.py", "import pydantic"),
    ("pure-domain", "yaguts/domain/planted.py", "from sqlalchemy import select"),
    ("sql-in-storage", "yaguts/services/planted.py", "from sqlalchemy import select"),
    ("sql-in-storage", "yaguts/api/planted.py", "import sqlalchemy.exc"),
]


def lint(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """import-linter's verdict on the tree at `root`."""
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache", *options],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "src")},
        capture_output=True,
        check=False,
        text=True,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("planted")
    shutil.copytree(ROOT / "src", root / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


def test_every_contract_holds(copy: Path) -> None:
    verdict = lint(copy)

    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


@pytest.mark.parametrize(("contract", "file", "line"), PLANTED)
def test_the_contract_bites(copy: Path, contract: str, file: str, line: str) -> None:
    planted = copy / "src" / file
    planted.write_text(line + "\n")
    try:
        verdict = lint(copy, "--contract", contract)
    finally:
        planted.unlink()

    assert verdict.returncode == 1
    assert "0 kept, 1 broken" in verdict.stdout
