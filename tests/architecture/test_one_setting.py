"""A setting of a dispenser is one declared row: `CONTRIBUTING.md` names the six files it takes.

The test plants a setting in a copy of the sources, and uses it there through the API and the page.
"""

from pathlib import Path

from tests.architecture.planted_copy import PlantedCopy, in_texts

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
    ana.post("/app/dispensers/1/settings/dims", data={"on": "no"}, headers={"origin": "http://kitchen.localhost"})
    assert ana.get(address).json()["apaga"] is False
    assert "Dims: off" in ana.get("/app/dispensers/1").text
    described = ana.get("/openapi.json").json()["components"]["schemas"]["DispenserOut"]
    assert described["properties"]["apaga"]["description"] == "Whether its light goes out at night."
    home.close()
"""


def with_its_row(text: str) -> str:
    row = (
        "    dims: bool = field(\n        default=False,\n"
        '        metadata={"meaning": "Whether its light goes out at night."},\n    )\n'
    )
    return text.replace("\n\nSETTINGS:", f"{row}\n\nSETTINGS:", 1).replace(
        "    )\n\n    dims", "    )\n    dims"
    )


def add_migration(copy: PlantedCopy) -> None:
    versions = "yaguts/storage/migrations/versions"
    latest = max(path.name[:4] for path in (copy.source / versions).glob("0*.py"))
    new = f"{int(latest) + 1:04}"
    copy.add(f"{versions}/{new}_dims.py", MIGRATION.format(new=new, old=latest))


def test_a_setting_takes_six_files_and_works(tmp_path: Path) -> None:
    copy = PlantedCopy(tmp_path)
    copy.change("yaguts/domain/dispenser_settings.py", with_its_row)
    copy.change("yaguts_wire/words.py", lambda text: text + '\nDIMS = "apaga"\n')
    for language in ("pt_br", "en"):
        copy.change(f"yaguts/translations/{language}/pages.py", in_texts(TEXTS))
    add_migration(copy)

    copy.run_its_test(ITS_TEST)

    assert len(copy.files) == 6
