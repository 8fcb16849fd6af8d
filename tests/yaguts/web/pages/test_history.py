"""History: filters, the plot, the file."""

import csv
from dataclasses import replace
from io import StringIO

import pytest
from starlette.testclient import TestClient

from tests.support.builders import a_report
from tests.support.kitchen.furnished import FULL, Furnished
from tests.support.kitchen.household import Household
from tests.support.kitchen.pages import links, read
from yaguts.services.delivery import handover
from yaguts.services.jobs import orders
from yaguts.services.jobs.history import PAGE
from yaguts.services.pantry import recipes


@pytest.fixture
def browser(kitchen: Furnished) -> TestClient:
    return kitchen.browser()


def test_an_empty_history(browser: TestClient) -> None:
    assert "Nada por aqui ainda." in read(browser.get("/app/history"))


@pytest.mark.parametrize("days", [1, 8, 730])
def test_a_job_from_the_future_was_at_an_unknown_time(
    kitchen: Furnished, browser: TestClient, days: int
) -> None:
    kitchen.clock.jumps(days=days)
    kitchen.report(kitchen.fetched(Sal=4.0))
    kitchen.clock.jumps(days=-days)

    assert "em hora desconhecida" in read(browser.get("/app/history"))
    assert "/app/jobs/1" not in links(browser.get("/app/history?days=30"))


def test_jobs_are_filtered_by_how_they_ended(kitchen: Furnished, browser: TestClient) -> None:
    kitchen.report(kitchen.fetched(Sal=4.0))
    job = kitchen.fetched(Sal=1.0, Pimenta=1.0)
    kitchen.report(job, a_report(job, failed=(2,)))

    everything = browser.get("/app/history")
    assert "Arroz 1 pessoa · Saiu só uma parte" in read(everything)
    assert "Arroz 1 pessoa · Pronto" in read(everything)
    assert {"/app/jobs/1", "/app/jobs/2"} <= {*links(everything)}

    partly = browser.get("/app/history?state=done_partial")
    assert "/app/jobs/1" not in links(partly)
    assert "/app/jobs/2" in links(partly)
    assert browser.get("/app/history?state=nonsense").status_code == 200


def test_the_plot_says_what_it_shows(kitchen: Furnished, browser: TestClient) -> None:
    kitchen.report(kitchen.fetched(Sal=4.0))

    page = browser.get("/app/history")

    assert "Consumo nas últimas 8 semanas Sal 4,0 g Ver como tabela Tempero há 7 semanas" in read(
        page
    )
    assert "há 1 semana esta semana Sal 0,0 g 0,0 g" in read(page)
    assert page.text.count('<rect class="tone-salt"') == 1


def test_a_search_finds_the_orders_of_recipes(kitchen: Furnished, browser: TestClient) -> None:
    kitchen.report(kitchen.fetched(Sal=4.0))
    kitchen.report(kitchen.fetched(Orégano=1.0))

    found = browser.get("/app/history?q=oregano")

    assert "/app/jobs/2" in links(found)
    assert "/app/jobs/1" not in links(found)
    assert "/app/history?state=done&q=oregano" in links(found)
    assert "/app/history/file?q=oregano" in links(found)
    rows = browser.get("/app/history/file?q=oregano").text.splitlines()
    assert len(rows) == 2
    assert "Nenhum pedido assim." in read(browser.get("/app/history?q=canela"))


def test_a_period_leaves_out_what_is_older(kitchen: Furnished, browser: TestClient) -> None:
    kitchen.report(kitchen.fetched(Sal=4.0))
    kitchen.clock.passes(days=8)
    kitchen.report(kitchen.fetched(Sal=1.0))

    week = browser.get("/app/history?days=7")

    assert "/app/jobs/2" in links(week)
    assert "/app/jobs/1" not in links(week)
    assert "/app/history?state=done&days=7" in links(week)
    assert "/app/jobs/1" in links(browser.get("/app/history?days=30"))
    assert "/app/jobs/1" in links(browser.get("/app/history?days=nonsense"))
    assert len(browser.get("/app/history/file?days=7").text.splitlines()) == 2
    kitchen.clock.passes(days=8)
    assert "Nenhum pedido assim." in read(browser.get("/app/history?days=7"))


def test_older_orders_are_on_the_next_page(kitchen: Furnished, browser: TestClient) -> None:
    for _ in range(PAGE + 1):
        kitchen.report(kitchen.fetched(Sal=0.1))

    first = browser.get("/app/history")
    assert "/app/jobs/1" not in links(first)
    assert "/app/history?before=2" in links(first)
    second = browser.get("/app/history?before=2")
    assert "/app/jobs/1" in links(second)
    assert "Mais antigos" not in read(second)


def test_the_file_opens_in_a_spreadsheet(kitchen: Furnished, browser: TestClient) -> None:
    job = kitchen.fetched(Sal=4.5, Pimenta=1.0)
    kitchen.report(job, a_report(job, failed=(2,)))
    recipe = recipes.find(kitchen.site, kitchen.person.id, 1)
    assert recipe.name == "Arroz"

    answer = browser.get("/app/history/file")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(answer.text.removeprefix("\ufeff").splitlines(), delimiter=";"))
    assert [row["tempero"] for row in rows] == ["Sal", "Pimenta"]
    assert rows[0]["saiu no máximo (g)"] == "4,5"
    assert rows[1]["motivo"] == "motor travado"


def test_the_file_says_what_was_added_by_hand(kitchen: Furnished, browser: TestClient) -> None:
    wanted = orders.Order(kitchen.recipe(Sal=1.0, Louro=0.5), by_hand=True)
    orders.order(kitchen.site, kitchen.person.id, wanted, by=kitchen.actor)
    job = handover.fetch(kitchen.site, kitchen.dispenser)
    assert job is not None
    kitchen.report(job)

    rows = browser.get("/app/history/file").text.splitlines()

    assert rows[2].split(";")[6:9] == ["à mão", "Louro", "0,5"]


def test_the_file_runs_no_formulas(home: Household) -> None:
    kitchen = Furnished(home)
    browser = kitchen.browser()
    cooked_as(kitchen, browser, "=HYPERLINK(1)")

    english = browser.get("/app/history/file", headers={"Accept-Language": "en"}).text

    assert "1,'=HYPERLINK(1)," in english


def cooked_as(kitchen: Furnished, browser: TestClient, name: str) -> None:
    """Cook a recipe of this name."""
    recipe = kitchen.recipe(Sal=1.0)
    form = {"name": name, "portions": "1", "spice": "Sal", "amount": "1"}
    browser.post(f"/app/recipes/{recipe}/edit", data=form)
    orders.order(kitchen.site, kitchen.person.id, orders.Order(recipe), by=kitchen.actor)
    job = handover.fetch(kitchen.site, kitchen.dispenser)
    assert job is not None
    kitchen.report(job)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("x;=cmd", "x;'=cmd"),
        ("y,=1+2", "y,'=1+2"),
        ("z; @SUM(1)", "z;' @SUM(1)"),
        ("\uff1d1+2", "'\uff1d1+2"),
        ("Arroz, bem solto", "Arroz, bem solto"),
    ],
)
@pytest.mark.parametrize("language", ["en", "pt-BR"])
def test_the_other_separator_begins_no_formula(
    home: Household, name: str, written: str, language: str
) -> None:
    kitchen = Furnished(home)
    browser = kitchen.browser()
    cooked_as(kitchen, browser, name)

    file = browser.get("/app/history/file", headers={"Accept-Language": language}).text

    rows = csv.reader(StringIO(file), delimiter="," if language == "en" else ";")
    assert [row[1] for row in rows][1:] == [written]


def test_another_persons_history_is_not_shown(home: Household, kitchen: Furnished) -> None:
    kitchen.report(kitchen.fetched(Sal=4.0))
    bia = home.person("Bia")

    assert "Arroz" not in read(bia.get("/app/history"))
    assert "Arroz" not in bia.get("/app/history/file").text


def test_an_orphan_report_is_booked_or_dismissed_by_the_owner(kitchen: Furnished) -> None:
    job = kitchen.started(Sal=4)
    for number in ("8", "9"):
        kitchen.report(replace(job, id=int(number)), key=number * 32)
    ana = kitchen.browser()
    assert "Relatórios a conferir" in read(ana.get("/app/history"))

    ana.post("/app/history/reports/1/book")
    page = read(ana.post("/app/history/reports/2/dismiss"))

    assert "Relatórios a conferir" not in page
    assert kitchen.jar().stock == FULL - 4000
    book = read(ana.get(f"/app/dispensers/{kitchen.dispenser_id}/jars/1"))
    assert "Dosado (relatório sem pedido) Ana" in book


def test_a_report_that_contradicts_its_job_is_shown_and_can_only_be_dismissed(
    kitchen: Furnished,
) -> None:
    job = kitchen.fetched(Sal=4)
    body = {"execution_logs": [{"item_ordem": 1, "frasco": 1, "quantidade_g": -50}]}
    board, ana = kitchen.board(), kitchen.browser()
    assert board.post(f"/devices/me/jobs/{job.id}/complete", json=body).status_code == 200
    board.post("/devices/me/jobs/77/status", json={"status": "done"})

    page = ana.get("/app/history")

    told = "pedido 1: diz que saiu uma quantidade negativa. Disse: Frasco 1: -50,0 g."
    assert told in read(page).replace("\u00a0", " ")
    assert "pedido 77: algo saiu, mas o relatório não diz quanto." in read(page)
    assert "history/reports/1/book" not in page.text
    english = read(ana.get("/app/history", headers={"Accept-Language": "en"}))
    assert "it says that a negative amount was dispensed." in english
    assert "negativa" not in read(ana.post("/app/history/reports/1/dismiss"))
