"""Recipes from elsewhere, and all of them at once."""

import json
import re
from dataclasses import replace
from html import unescape

import pytest
from markupsafe import escape
from starlette.testclient import TestClient

from tests.support.kitchen.household import Household
from tests.support.kitchen.pages import read
from tests.support.receivers import LOCAL
from tests.support.websites import Answer, website
from tests.yaguts.services.runtime.imports.pages import PAGES
from yaguts.domain.recipe_files.reading import read_file
from yaguts.services.runtime.imports.imports import READING, Imports

SALT = {"tempero": "Sal", "quantidade": 6}
PASTED = """Feijão
Rende 4 porções
6 g de sal
1 colher de chá de canela em pó
1 colher de cominho
500 g de feijão"""


@pytest.fixture
def browser(home: Household) -> TestClient:
    return home.person()


def fields(page: str, action: str = "save") -> dict[str, list[str]]:
    """What the browser would send of the page's form."""
    form = page.partition(f'action="/app/recipes/import/{action}"')[2].partition("</form>")[0]
    found: dict[str, list[str]] = {}
    for field in re.findall(r"<input [^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', field), re.search(r'value="([^"]*)"', field)
        if name and value and "checkbox" not in field:
            found.setdefault(name[1], []).append(unescape(value[1]))
    return found


def button(page: str, label: str, nth: int = 0) -> str:
    """The value of a button of the page."""
    buttons = re.findall(r'<button [^>]*name="choice" value="([^"]*)"[^>]*>([^<]*)<', page)
    return [unescape(value) for value, said in buttons if label in unescape(said)][nth]


def test_a_pasted_recipe_says_who_adds_what_before_it_is_saved(browser: TestClient) -> None:
    page = browser.post("/app/recipes/import", data={"text": PASTED})

    words = read(page)
    assert page.status_code == 200
    assert "O dispensador dosa" in words
    assert "Não entendido" in words
    assert "Pode ser mais de uma quantidade." in words
    assert "Você põe à mão" in words
    assert "500 g de feijão" in words
    sent = fields(page.text)
    assert sent["r0-amount"] == ["6,0", "2,6", ""]
    assert browser.get("/app/recipes/1").status_code == 404

    answer = browser.post("/app/recipes/import/save", data=sent, follow_redirects=False)

    assert answer.headers["location"] == "/app/recipes/1"
    stored = json.loads(browser.get("/app/recipes/1/file").text)
    assert stored == {
        "nome": "Feijão",
        "porcoes": 4,
        "ingredientes": [
            {"tempero": "Sal", "quantidade": 6.0},
            {"tempero": "canela em pó", "quantidade": 2.6, "escrito": "1 colher de chá"},
        ],
        "a_mao": ["1 colher de cominho", "500 g de feijão"],
    }


def test_a_file_that_is_refused_in_part_says_what_and_keeps_the_rest(browser: TestClient) -> None:
    parts = [{"tempero": "Sal", "quantidade": 6}, {"tempero": "Louro", "quantidade": 501}]
    content = json.dumps({"nome": "Feijão", "porcoes": 24, "ingredientes": parts})

    page = browser.post("/app/recipes/import", files={"file": ("r.json", content)})

    assert page.status_code == 200
    sent = fields(page.text)
    assert (sent["r0-spice"], sent["r0-amount"]) == (["Sal", "Louro"], ["6", "501"])
    assert sent["r0-portions"] == ["24"]
    assert page.text.count("aria-invalid") == 3, "the portions, and both fields of one row"
    again = browser.post("/app/recipes/import/save", data=sent)
    assert again.status_code == 422
    kept = fields(again.text)
    assert kept.pop("once") != sent.pop("once"), "what is corrected is sent as a new form"
    assert kept == sent
    sent |= {"r0-portions": ["20"], "r0-amount": ["6", "0,3"]}
    assert browser.post("/app/recipes/import/save", data=sent).status_code == 200
    assert browser.get("/app/recipes/1").status_code == 200


def test_of_several_recipes_the_good_ones_are_stored(browser: TestClient) -> None:
    def recipe(name: str, portions: int) -> dict[str, object]:
        parts = [{"tempero": "Sal", "quantidade": 6}]
        return {"nome": name, "porcoes": portions, "ingredientes": parts}

    several = json.dumps([recipe("A", 2), recipe("B", 99), recipe("C", 2)])
    page = browser.post("/app/recipes/import", files={"file": ("r.json", several)})
    sent = fields(page.text) | {"r2-skip": ["yes"]}

    page = browser.post("/app/recipes/import/save", data=sent)

    assert page.status_code == 422
    assert "Uma receita salva." in read(page)
    assert fields(page.text)["r0-name"] == ["B"]
    assert browser.get("/app/recipes/2").status_code == 404


def test_recipes_that_are_sent_twice_are_stored_once_and_the_rest_is_shown_again(
    browser: TestClient,
) -> None:
    ours = {"porcoes": 2, "ingredientes": [SALT]}
    two = json.dumps([{"nome": name, **ours} for name in ("Arroz", "Sopa")])
    page = browser.post("/app/recipes/import", files={"file": ("r.json", two)}).text
    sent = fields(page)
    sent["r0-portions"] = ["ninguém"]
    first = browser.post("/app/recipes/import/save", data=sent)
    again = browser.post("/app/recipes/import/save", data=sent)

    for answer in (first, again):
        assert answer.status_code == 422
        assert fields(answer.text)["r0-name"] == ["Arroz"]
        assert len(fields(answer.text)["recipe"]) == 1
    assert [one["nome"] for one in browser.get("/receitas/").json()] == ["Sopa"]


@pytest.mark.parametrize("portions", ["2", "ninguém"])
def test_a_recipe_for_which_there_was_no_room_is_not_told_as_saved_when_it_is_sent_twice(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch, portions: str
) -> None:
    monkeypatch.setattr("yaguts.services.pantry.recipes.MOST_RECIPES", 1)
    ours = {"porcoes": 2, "ingredientes": [SALT]}
    three = json.dumps([{"nome": name, **ours} for name in ("Arroz", "Sopa", "Bolo")])
    page = browser.post("/app/recipes/import", files={"file": ("r.json", three)}).text
    sent = fields(page) | {"r2-portions": [portions]}
    first = browser.post("/app/recipes/import/save", data=sent)
    again = browser.post("/app/recipes/import/save", data=sent)

    for answer in (first, again):
        assert answer.status_code == 422
        assert "Uma receita salva." in read(answer)
        assert sorted(
            n[0] for name, n in fields(answer.text).items() if name.endswith("-name")
        ) == [
            "Bolo",
            "Sopa",
        ]
    assert [one["nome"] for one in browser.get("/receitas/").json()] == ["Arroz"]


def test_a_text_without_a_recipe_stays_in_its_field(browser: TestClient) -> None:
    page = browser.post("/app/recipes/import", data={"text": "{oops <b>"})

    assert page.status_code == 422
    assert "Este texto não contém uma receita." in read(page)
    assert "{oops &lt;b&gt;" in page.text


@pytest.mark.parametrize("name", ["all.json", "schema-org.json"])
def test_all_recipes_are_exported_at_once_and_read_back(browser: TestClient, name: str) -> None:
    for n in range(3):
        recipe = {"name": f"Feijão {n}", "portions": "4", "spice": ["Sal"], "amount": ["6,5"]}
        browser.post("/app/recipes/new", data=recipe)

    exported = browser.get(f"/app/recipes/{name}")

    assert "attachment" in exported.headers["content-disposition"]
    assert [each.name for each in read_file(exported.content, "pt_BR")] == [
        "Feijão 0",
        "Feijão 1",
        "Feijão 2",
    ]
    page = browser.post("/app/recipes/import", files={"file": (name, exported.content)})
    assert fields(page.text)["r2-spice"] == ["Sal"]
    assert fields(page.text)["r2-amount"] == ["6,5"]


def test_a_volume_is_kept_while_it_weighs_what_is_stored(browser: TestClient) -> None:
    """From the text into the recipe, out as a file, and in again. Other grams have no volume."""
    text = "Pão\nPara 4 pessoas\n2 colheres (chá) de sal\n1 colher de sopa (20 g) de sal"
    page = browser.post("/app/recipes/import", data={"text": text})
    browser.post("/app/recipes/import/save", data=fields(page.text))
    assert "2 colheres de chá · 12,0 g" in read(browser.get("/app/recipes/1?people=4"))

    file = browser.get("/app/recipes/1/file").content
    again = browser.post("/app/recipes/import", files={"file": ("a.json", file)})
    for amount, written in (("12,0", "2 colheres de chá"), ("13", None)):
        sent = fields(again.text) | {"r0-amount": [amount, "20,0"], "once": f"{amount:0<32}"}
        go = browser.post("/app/recipes/import/save", data=sent, follow_redirects=False)
        stored = json.loads(browser.get(f"{go.headers['location']}/file").text)["ingredientes"]
        assert [part.get("escrito") for part in stored] == [written, None]


@pytest.mark.parametrize("as_file", [False, True])
def test_a_page_of_html_is_read(browser: TestClient, as_file: bool) -> None:
    html = PAGES["microdata"][0]
    sent = {"files": {"file": ("page.html", html)}} if as_file else {"data": {"text": html}}

    page = browser.post("/app/recipes/import", **sent)  # type: ignore[arg-type]

    assert page.status_code == 200
    assert fields(page.text)["r0-name"] == ["Arroz doce"]
    assert fields(page.text)["r0-spice"] == ["canela em pó"]


def test_what_cannot_be_read_says_so_and_changes_nothing(home: Household) -> None:
    """A page on which the process is ended, one without a recipe, and a link."""
    browser = home.person()
    small = Imports(reading=replace(READING, memory_mb=40))
    home.app.state.site = replace(home.site, imports=small)

    for text, said in (
        (PAGES["microdata"][0], "É demais para ler"),
        ("https://example.org/feijao", "Este servidor não abre links."),
        ("{oops", "não contém uma receita"),
    ):
        page = browser.post("/app/recipes/import", data={"text": text})
        assert page.status_code == 422
        assert said in read(page)
        assert str(escape(text)) in page.text, "it stays in its field"
    assert browser.get("/app/recipes/1").status_code == 404


def test_a_link_is_opened_where_the_owner_of_the_server_allows_it(home: Household) -> None:
    browser = home.person()
    with website() as site:
        site.pages["/feijao"] = Answer(PAGES["@graph"][0].encode())
        settings = replace(home.site.settings, fetch_links=True)
        home.app.state.site = replace(home.site, settings=settings)
        refused = browser.post("/app/recipes/import", data={"text": site.address("/feijao")})
        reached = Imports(allowed=LOCAL, ports=(site.port,))
        home.app.state.site = replace(home.site, settings=settings, imports=reached)
        page = browser.post("/app/recipes/import", data={"text": f" {site.address('/feijao')}\n"})
    told = read(browser.get("/app/recipes/new"))
    home.app.state.site = home.site

    assert "Ou só o link: o Yaguts o abre." in told
    assert "De um link: abra-o" in read(browser.get("/app/recipes/new"))
    assert refused.status_code == 422
    assert "Este endereço não pode ser aberto" in read(refused)
    assert page.status_code == 200
    assert fields(page.text)["r0-name"] == ["Feijão"]


def test_what_was_asked_back_is_chosen_with_a_button(browser: TestClient) -> None:
    """So much, this spice, by hand after all, by the machine after all: nothing is stored by it."""
    recipe = {"name": "A", "portions": "4", "spice": ["Pimenta-do-reino"], "amount": ["6"]}
    browser.post("/app/recipes/new", data=recipe)
    pasted = PASTED.replace("cominho", "pimenta").replace("500 g de feijão", "12 g de sumagre")
    page = browser.post("/app/recipes/import", data={"text": pasted}).text
    address = "/app/recipes/import/save"

    def press(label: str, nth: int = 0) -> None:
        nonlocal page
        choice = {"choice": [button(page, label, nth)]}
        answer = browser.post(address, data=fields(page) | choice)
        assert answer.status_code == 200
        assert fields(answer.text)["once"] != fields(page)["once"]
        page = answer.text

    press("Pimenta-do-reino")
    assert fields(page)["r0-spice"] == ["Sal", "canela em pó", "Pimenta-do-reino"]
    press("1 colher de sopa · 6,9 g")
    assert fields(page)["r0-amount"] == ["6,0", "2,6", "1 colher de sopa"]
    press("Ponho à mão", 1)
    assert fields(page)["r0-hand"] == ["12 g de sumagre", "1 colher de chá de canela em pó"]
    press("O dispensador dosa")
    sent = fields(page)
    assert sent["r0-spice"] == ["Sal", "Pimenta-do-reino", "sumagre"]
    assert sent["r0-amount"] == ["6,0", "1 colher de sopa", "12,0"]
    assert browser.get("/app/recipes/2").status_code == 404

    browser.post(address, data=sent)

    stored = json.loads(browser.get("/app/recipes/2/file").text)
    assert [part["quantidade"] for part in stored["ingredientes"]] == [6.0, 6.9, 12.0]
    assert stored["a_mao"] == ["1 colher de chá de canela em pó"]
    assert "1 colher de sopa" in read(browser.get("/app/recipes/2"))


def test_a_recipe_that_does_not_say_for_how_many_it_is_asks_that(browser: TestClient) -> None:
    page = browser.post("/app/recipes/import", data={"text": "Caldo\nsal 6 g"})

    assert re.findall(r'class="problem" id="d-r0-portions">([^<]*)<', page.text) == [
        "Este campo não pode ficar vazio."
    ]


def test_more_than_a_recipe_may_ask_for_is_no_choice(browser: TestClient) -> None:
    page = browser.post(
        "/app/recipes/import", data={"text": "Sal grosso\n400 g a 1 kg de sal"}
    ).text

    assert button(page, "400 g")
    assert "|amount|1 kg" not in page


@pytest.mark.parametrize("choice", ["", "9|0|hand|", "0|9|hand|", "0|x|hand|", "0|0|eat|", "|||"])
def test_a_button_of_nobodys_changes_nothing(browser: TestClient, choice: str) -> None:
    page = browser.post("/app/recipes/import", data={"text": PASTED}).text
    sent = fields(page)

    answer = browser.post("/app/recipes/import/save", data=sent | {"choice": [choice or "0"]})

    assert answer.status_code == 200
    assert fields(answer.text) | {"once": []} == sent | {"once": []}


def test_a_button_is_about_the_row_that_it_stands_beside(browser: TestClient) -> None:
    """What is asked back stands below what is clear, whatever the order of the recipe."""
    text = "Molho\n1 colher de sal\n2 g de pimenta\n1 colher de cominho"
    page = browser.post("/app/recipes/import", data={"text": text}).text
    asked = fields(page)
    spoon = unescape(re.findall(r'value="([^"]*\|amount\|[^"]*)"', page)[0])

    page = browser.post("/app/recipes/import/save", data={**asked, "choice": spoon}).text

    after = fields(page)
    typed = dict(zip(after["r0-spice"], after["r0-amount"], strict=True))
    assert typed["Pimenta"] == "2,0"
    assert "colher" in typed["Sal"]
    assert typed["Cominho"] == ""


def test_what_the_hand_adds_is_kept_shown_changed_and_exported(browser: TestClient) -> None:
    page = browser.post("/app/recipes/import", data={"text": PASTED})
    browser.post("/app/recipes/import/save", data=fields(page.text))
    edited = {"name": "Feijão", "portions": "4", "spice": ["Sal"], "amount": ["6"]}

    cook = read(browser.get("/app/recipes/1"))
    assert "Você põe à mão, para 4 pessoas" in cook
    assert "500 g de feijão" in cook
    assert "500 g de feijão" in browser.get("/app/recipes/1/edit").text
    answer = browser.put("/receitas/1", json={"nome": "B", "ingredientes": [SALT]})
    assert answer.status_code == 200
    assert "500 g de feijão" in read(browser.get("/app/recipes/1")), "a program knows nothing of it"
    again = read_file(browser.get("/app/recipes/all.json").content, "pt_BR")[0]
    assert [line.text for line in again.lines if line.by_hand] == [
        "1 colher de cominho",
        "500 g de feijão",
    ]
    others = browser.get("/app/recipes/schema-org.json").json()["@graph"][0]
    assert others["recipeIngredient"][-1] == "500 g de feijão"

    too_long = browser.post("/app/recipes/1/edit", data=edited | {"hand_lines": "a\n" * 101})
    assert too_long.status_code == 422
    assert "No máximo 100 linhas" in read(too_long)
    browser.post("/app/recipes/1/edit", data=edited | {"hand_lines": " 1 folha\t de louro \r\n\n"})
    assert json.loads(browser.get("/app/recipes/1/file").text)["a_mao"] == ["1 folha de louro"]
    browser.post("/app/recipes/1/edit", data=edited | {"hand_lines": ""})
    assert "a_mao" not in json.loads(browser.get("/app/recipes/1/file").text)


def test_of_a_large_file_the_cook_chooses(browser: TestClient) -> None:
    """A megabyte of pictures and 60 recipes: some, all of them in two pages, and none."""
    parts = [{"tempero": "Sal", "quantidade": 6}]
    recipes = [{"nome": f"R{n}", "porcoes": 2, "ingredientes": parts} for n in range(60)]
    large = json.dumps({"foto": "x" * 1_000_000, "receitas": recipes})
    page = browser.post("/app/recipes/import", files={"file": ("r.json", large)})
    assert page.status_code == 200
    assert "60 receitas: quais?" in read(page)
    sent = fields(page.text, "choose")
    address = "/app/recipes/import/choose"

    none = browser.post(address, data=sent)
    assert none.status_code == 422
    assert "Escolha pelo menos uma receita." in read(none)
    assert fields(none.text, "choose") == sent
    some = browser.post(address, data=sent | {"pick": ["3", "59", "60", "x"]})
    assert [fields(some.text)[f"r{n}-name"] for n in (0, 1)] == [["R3"], ["R59"]]
    page = browser.post(address, data=sent | {"all": ["yes"]})
    assert len(fields(page.text)["recipe"]) == 50
    assert "Mais 10 das que você escolheu vêm depois destas." in read(page)
    page = browser.post("/app/recipes/import/save", data=fields(page.text))
    assert "50 receitas salvas." in read(page)
    assert fields(page.text)["r9-name"] == ["R59"]
    browser.post("/app/recipes/import/save", data=fields(page.text))
    assert browser.get("/app/recipes/60").status_code == 200


def test_only_who_is_signed_in_sends_so_much_and_only_there(home: Household) -> None:
    large = {"text": "a" * 70_000}

    assert home.browser().post("/app/recipes/import", data=large).status_code == 413
    assert home.person().post("/app/recipes/new", data=large).status_code == 413
    assert home.signed_in("Ana").post("/app/recipes/import", data=large).status_code == 200


def test_many_recipes_wait_for_a_sign_in(home: Household) -> None:
    """More fields than most forms have are kept, too."""
    many = {"recipe": "0", "r0-hand": ["sal"] * 1001}

    waiting = home.browser().post("/app/recipes/import/save", data=many)

    assert waiting.status_code == 401
    assert waiting.text.count("r0-hand=sal") == 1001
