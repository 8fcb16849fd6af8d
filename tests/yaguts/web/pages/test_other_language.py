"""Without scripts, what was typed stays in another language: on every page with a form."""

import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.furnished import Furnished, a_log
from tests.support.kitchen.household import PASSWORD
from tests.support.kitchen.pages import read
from yaguts import web
from yaguts.http.bodies import LARGEST
from yaguts.services.pantry import configuration

TEMPLATES = Path(web.__file__).parent / "templates"
JAR = "/app/dispensers/1/jars/1"
PASSWORDS_ONLY = {"settings.html", "people/new_password.html"}


@dataclass
class Form:
    """A form of a page, and its button of a language."""

    name: str = ""
    fields: list[tuple[str, str]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    """The fields that somebody types into."""
    switch: str = ""


class Forms(HTMLParser):
    """Reads a page as a browser without scripts does."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.language = ""
        self.named: dict[str, Form] = {}
        self.all: list[Form] = []
        self._open: Form | None = None
        self._area: tuple[Form, str] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = given["lang"]
        if tag == "form":
            self._open = self.named.setdefault(given.get("id", f"form {len(self.all)}"), Form())
            self.all.append(self._open)
        form = self.named.setdefault(given["form"], Form()) if "form" in given else self._open
        if form is None:
            return
        kind = given.get("type", "text")
        if (
            tag == "input"
            and "name" in given
            and kind not in ("submit", "file", "checkbox", "radio")
        ):
            form.fields.append((given["name"], given.get("value", "")))
            if kind not in ("hidden", "password") and "hidden" not in given:
                form.texts.append(form.fields[-1])
        if tag == "textarea":
            self._area = (form, given["name"])
            form.texts.append((given["name"], ""))
            form.fields.append((given["name"], ""))
        if given.get("name") == "language" and given["value"] == "en":
            form.switch = given.get("formaction", "")

    def handle_data(self, data: str) -> None:
        if self._area:
            form, name = self._area
            form.texts[-1] = form.fields[-1] = (name, data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "textarea":
            self._area = None


def switched(browser: TestClient, form: Form) -> list[tuple[str, str]]:
    """Type into every field, tap on the other language, and read what the form has then."""
    typed = [(name, f"{7 + n}") for n, (name, _) in enumerate(form.texts)]
    names = {name for name, _ in typed}
    sent = [*(each for each in form.fields if each[0] not in names), *typed, ("language", "en")]
    body = {name: [value for known, value in sent if known == name] for name, _ in sent}
    answer = browser.post(form.switch, data=body)
    page = Forms(answer.text)

    assert (answer.status_code, page.language) == (200, "en"), form.switch
    assert "yaguts_language=en" in str(browser.cookies)
    assert len([one for one in page.all if in_order(typed, one.texts)]) == 1
    browser.cookies.delete("yaguts_language")
    return typed


def in_order(typed: list[tuple[str, str]], texts: list[tuple[str, str]]) -> bool:
    """Whether the form has what was typed, with more empty fields or without."""
    rest = iter(texts)
    return all(each in rest for each in typed)


@pytest.mark.parametrize(
    ("page", "forms"),
    [
        ("/app/", 1),
        ("/app/history?q=x", 1),
        ("/app/recipes/new", 2),
        ("/app/recipes/1/edit", 1),
        ("/app/recipes/1", 1),
        (JAR, 7),
        (f"{JAR}?open=refill", 7),
        (f"{JAR}?open=capacity", 7),
        (f"{JAR}/spoon", 1),
        ("/app/dispensers/1", 3),
        ("/app/settings/alerts", 2),
        (f"{JAR}/calibration", 1),
    ],
)
def test_what_was_typed_stays_in_another_language(
    kitchen: Furnished, page: str, forms: int
) -> None:
    kitchen.recipe(Sal=4.0)
    browser = kitchen.browser()
    if page.endswith("calibration"):
        let_something_out(kitchen, browser)
    typed_into = [form for form in Forms(browser.get(page).text).all if form.texts]

    assert len([switched(browser, form) for form in typed_into]) == forms


def let_something_out(kitchen: Furnished, browser: TestClient) -> None:
    """Leave a dose of the calibration to be weighed."""
    configuration.set_jars(kitchen.site, kitchen.person.id, [(1, {"rate": None})], by=kitchen.actor)
    browser.post(f"{JAR}/calibration/run", data={"seconds": "2"})
    board = kitchen.board()
    job = board.get("/devices/me/next_job").json()
    board.post(f"/devices/me/jobs/{job['id']}/complete", json=a_log(job))


def test_a_recipe_from_elsewhere_stays_while_it_is_looked_at(kitchen: Furnished) -> None:
    browser = kitchen.browser()
    pasted = {"text": "Feijão\n6 g de sal\n1 colher de cominho\n500 g de feijão"}
    [form] = [
        form for form in Forms(browser.post("/app/recipes/import", data=pasted).text).all
        if form.texts
    ]  # fmt: skip

    assert len(switched(browser, form)) == 6
    assert browser.get("/app/recipes/1").status_code == 404


def test_what_was_chosen_of_a_large_file_stays(kitchen: Furnished) -> None:
    browser = kitchen.browser()
    parts = [{"tempero": "Sal", "quantidade": 6}] * 100
    recipes = json.dumps([{"nome": f"R{n}", "ingredientes": parts} for n in range(50)])
    page = browser.post("/app/recipes/import", files={"file": ("r.json", recipes)})
    [form] = [form for form in Forms(page.text).all if "found" in dict(form.fields)]
    found = [value for name, value in form.fields if name == "found"]
    sent = {"found": found, "pick": ["3", "42"], "language": "en"}

    answer = browser.post(form.switch, data=sent)

    assert sum(map(len, found)) > LARGEST
    assert "50 recipes: which ones?" in read(answer)
    assert re.findall(r'value="(\d+)" checked', answer.text) == ["3", "42"]
    [again] = [form for form in Forms(answer.text).all if "found" in dict(form.fields)]
    assert again.fields == form.fields


@pytest.mark.parametrize("page", ["/app/sign-in", "/app/register"])
def test_the_name_stays_but_no_secret(kitchen: Furnished, page: str) -> None:
    browser = kitchen.home.browser()
    [form] = [form for form in Forms(browser.get(page).text).all if form.texts]
    typed = {"nome": "Bia", "senha": "abre-te sésamo", "palavra": "simsalabim", "language": "en"}

    answer = browser.post(form.switch, data=dict(form.fields) | typed)

    assert ("nome", "Bia") in Forms(answer.text).all[-1].texts
    assert "sésamo" not in answer.text
    assert "simsalabim" not in answer.text


def test_a_form_that_waited_for_a_sign_in_waits_on(kitchen: Furnished) -> None:
    kitchen.home.person("Bia")
    browser = kitchen.home.browser()
    waiting = browser.post(f"{JAR}/refill", data={"amount": "5"})
    [door] = [form for form in Forms(waiting.text).all if form.texts]
    english = browser.post(door.switch, data=dict(door.fields) | {"language": "en"})
    [door] = [form for form in Forms(english.text).all if form.texts]
    kept = browser.post("/app/sign-in", data=dict(door.fields) | {"nome": "Bia", "senha": PASSWORD})
    [form] = [form for form in Forms(kept.text).all if ("amount", "5") in form.fields]

    again = browser.post(form.switch, data=dict(form.fields) | {"language": "pt_BR"})

    assert "What you typed is kept" in kept.text
    assert "O que você escreveu está guardado" in again.text
    assert ("amount", "5") in Forms(again.text).all[-1].fields


@pytest.mark.parametrize(
    "page",
    ["/app/history", f"{JAR}?open=nothing", "/app/jars", "/app/settings", "/app/recipes/new"],
)
def test_the_buttons_above_belong_to_a_form_that_is_there(kitchen: Furnished, page: str) -> None:
    text = kitchen.browser().get(page).text

    for name in set(re.findall(r'<button[^>]* form="([^"]*)"', text)):
        assert f'<form id="{name}"' in text or f'id="{name}">' in text


def test_only_the_language_changes_where_nothing_was_typed(kitchen: Furnished) -> None:
    browser = kitchen.browser()

    sent = browser.post(
        "/app/language", data={"language": "en", "back": "/app/jars"}, follow_redirects=False
    )
    foreign = browser.post(
        "/app/language?page=https://evil.example/", data={"language": "en", "x": "1"}
    )

    assert (sent.status_code, sent.headers["location"]) == (303, "/app/jars")
    assert foreign.url.path in ("/app/language", "/app/")
    assert foreign.status_code == 200


def test_every_form_with_a_field_to_type_into_keeps_it() -> None:
    """A new form is named by its page for the buttons above, or has a button of its own."""
    forgotten: set[str] = set()
    for path in sorted(TEMPLATES.rglob("*.html")):
        text = path.read_text("utf-8")
        for form in re.findall(r"<form.*?</form>", text, re.DOTALL):
            typed_into = re.search(
                r"{{ field\(|<textarea|<input(?![^>]*type=\"(?:hidden|check))", form
            )
            if (
                typed_into
                and 'id="' not in form.partition(">")[0] + form
                and "other_language" not in form
            ):
                forgotten.add(path.relative_to(TEMPLATES).as_posix())

    assert forgotten == PASSWORDS_ONLY
