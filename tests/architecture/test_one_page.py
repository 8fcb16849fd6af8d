"""A page takes the six files that `CONTRIBUTING.md` names.

The test plants a page in a copy of the sources, and opens it there in both languages.
"""

from pathlib import Path

from tests.architecture.planted_copy import PlantedCopy, in_texts

MODULE = '''"""The spices that the kitchen may use."""

from fastapi import APIRouter
from starlette.responses import Response

from yaguts.services.pantry.catalogue import spices
from yaguts.web.visit import VisitDep

router = APIRouter(prefix="/spices")


@router.get("")
def show(visit: VisitDep) -> Response:
    """Show the catalogue."""
    return visit.page("spices.html", spices=spices(visit.site, visit.kitchen_id))
'''
TEMPLATE = """{% extends "base.html" %}
{% block title %}{{ t("spices.title") }}{% endblock %}
{% block main %}
<h1>{{ t("spices.title") }}</h1>
<ul>{% for spice in spices %}<li>{{ spice }}</li>{% endfor %}</ul>
{% endblock %}
"""
ITS_TEST = """
import tempfile
from pathlib import Path

from anyio.from_thread import start_blocking_portal

from tests.support.kitchen.household import Household

with start_blocking_portal() as Household.portal, tempfile.TemporaryDirectory() as folder:
    home = Household(Path(folder))
    ana = home.person("Ana")
    page = ana.get("/app/spices", headers={"accept-language": "pt-BR"})
    assert page.status_code == 200, page.text
    assert "<h1>Temperos da casa</h1>" in page.text and "<li>Cominho</li>" in page.text
    assert "<h1>Spices</h1>" in ana.get("/app/spices", headers={"accept-language": "en"}).text
    assert home.browser().get("/app/spices", follow_redirects=False).status_code == 303
    home.close()
"""


def with_its_module(text: str) -> str:
    return text.replace("    welcome,\n", "    spices,\n    welcome,\n")


def test_a_page_takes_six_files_and_works(tmp_path: Path) -> None:
    copy = PlantedCopy(tmp_path)
    copy.add("yaguts/web/pages/spices.py", MODULE)
    copy.change("yaguts/web/app.py", with_its_module)
    copy.add("yaguts/web/templates/spices.html", TEMPLATE)
    for language, title in (("pt_br", "Temperos da casa"), ("en", "Spices")):
        path = f"yaguts/translations/{language}/pages.py"
        copy.change(path, in_texts(f'    "spices.title": "{title}",\n'))

    copy.run_its_test(ITS_TEST)

    assert len(copy.files) == 6
