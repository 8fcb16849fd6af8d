"""A setting of a dispenser is one declared row: `CONTRIBUTING.md` names the six files it takes.

The test plants a setting in a copy of the sources, and uses it there through the API and the page.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.architecture.sources import ROOT

MIGRATION = '''"""A dispenser may dim its light at night."""

import sqlalchemy as sa
from alembic import op

revision = "{new}"
down_revision = "{old}"


def upgrade() -> None:
    """Add the setting, off."""
    dims = sa.Column("dims", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("dispensers", dims)
'''
TEXTS = "".join(
    f'    "setting.dims.{key}": "Dims: {key}",\n'
    for key in ("title", "on", "off", "turn_on", "turn_off")
)
ITS_TEST = """
import tempfile
from contextlib import contextmanager
from pathlib import Path

from anyio.from_thread import start_blocking_portal

from tests.support.kitchen.household import Household

with start_blocking_portal() as Household.portal, tempfile.TemporaryDirectory() as folder:
    home = Household(Path(folder))
    ana = home.person("Ana")
    address = "/devices/1"
    assert ana.get(address).json()["apaga"] is False
    assert ana.put(address, json={"apaga": True}).json()["apaga"] is True
    assert ana.put(address, json={"aceita_fila": True}).json()["apaga"] is True
    page = ana.get("/app/dispensers/1").text
    assert "Dims: on" in page and "Dims: turn_off" in page
    ana.post("/app/dispensers/1/settings/dims", data={"on": "no"}, headers={"origin": "http://kitchen.test"})
    assert ana.get(address).json()["apaga"] is False
    assert "Dims: off" in ana.get("/app/dispensers/1").text
    described = ana.get("/openapi.json").json()["components"]["schemas"]["DispenserOut"]
    assert described["properties"]["apaga"]["description"] == "Whether its light goes out at night."
    home.close()
"""


def changed(file: Path, change: Callable[[str], str]) -> Path:
    """The file, with its text changed."""
    before = file.read_text("utf-8")
    after = change(before)
    assert after != before, file
    file.write_text(after, "utf-8")
    return file


def planted(source: Path) -> list[Path]:
    """The files that the setting "dims" takes, beside its own test."""
    row = (
        "    dims: bool = field(\n        default=False,\n"
        '        metadata={"meaning": "Whether its light goes out at night."},\n    )\n'
    )
    versions = source / "yaguts/storage/migrations/versions"
    latest = max(path.name[:4] for path in versions.glob("0*.py"))
    migration = versions / f"{int(latest) + 1:04}_dims.py"
    migration.write_text(MIGRATION.format(new=migration.name[:4], old=latest), "utf-8")
    return [
        changed(
            source / "yaguts/domain/dispenser_settings.py",
            lambda text: text.replace("\n\nSETTINGS:", f"{row}\n\nSETTINGS:", 1).replace(
                "    )\n\n    dims", "    )\n    dims"
            ),
        ),
        changed(source / "yaguts_wire/words.py", lambda text: text + '\nDIMS = "apaga"\n'),
        *(
            changed(
                source / f"yaguts/translations/{language}/pages.py",
                lambda text: text.replace("TEXTS = {\n", "TEXTS = {\n" + TEXTS, 1),
            )
            for language in ("pt_br", "en")
        ),
        migration,
    ]


def test_a_setting_takes_six_files_and_works(tmp_path: Path) -> None:
    source = tmp_path / "src"
    shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__"))
    its_test = tmp_path / "its_test.py"
    its_test.write_text(ITS_TEST, "utf-8")

    files = [*planted(source), its_test]

    assert len(files) == 6
    paths = os.pathsep.join([str(source), str(ROOT)])
    done = subprocess.run(
        [sys.executable, str(its_test)],
        env={**os.environ, "PYTHONPATH": paths},
        cwd=tmp_path,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
