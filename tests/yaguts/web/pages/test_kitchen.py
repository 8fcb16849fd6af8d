"""The page of the kitchen."""

import pytest
from sqlalchemy import insert

from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household
from tests.support.kitchen.pages import links, read
from yaguts.services.dispensers import settings
from yaguts.storage.tables import ingredients, recipes

FULL = {"frasco": 1, "rotulo": "Sal", "g_por_seg": 2.0, "estoque_g": 100}
BEANS = {"nome": "Feijão", "porcoes": 4, "ingredientes": [{"tempero": "Sal", "quantidade": 6}]}
TEA = {"nome": "Chá", "ingredientes": [{"tempero": "Canela", "quantidade": 1}]}


def test_a_new_kitchen_says_what_to_do_first(home: Household) -> None:
    page = home.person().get("/app/")

    assert "Nenhum dispensador vinculado Vincular" in read(page)
    assert "Nenhuma receita ainda" in read(page)
    assert {"/app/dispensers/pair", "/app/recipes/new", "/app/dispensers/1/jars/4"} <= {
        *links(page)
    }


def test_jars_show_what_is_in_them_and_when_that_is_little(home: Household) -> None:
    ana = home.person()
    ana.put("/config/robo", json=[FULL, {"frasco": 2, "rotulo": "Pimenta"}])
    assert "Sal 100 g Frasco 1 Pimenta ? g Calibrar Frasco 2 Vazio" in read(ana.get("/app/"))

    ana.put("/config/robo", json=[{**FULL, "estoque_g": 9.5}])

    assert "Sal 9,5 g Pouco Frasco 1" in read(ana.get("/app/"))


def test_a_dispenser_is_online_until_it_falls_silent(home: Household) -> None:
    ana = home.person()
    board = home.board(ana)
    assert "No ar pronto para dosar" in read(ana.get("/app/"))

    home.clock.passes(minutes=7)
    assert "Fora do ar visto há 7 min" in read(ana.get("/app/"))

    board.post("/devices/me/heartbeat")
    assert "No ar" in read(ana.get("/app/"))


def test_cards_say_whether_a_recipe_can_be_made(home: Household) -> None:
    ana = home.person()
    ana.put("/config/robo", json=[FULL])
    ana.post("/receitas/", json=BEANS)
    ana.post("/receitas/", json=TEA)

    page = ana.get("/app/")

    assert "Feijão Sal 4 pessoas Dá para fazer" in read(page)
    assert "Chá Canela 1 pessoa Falta 1 coisa" in read(page)


def test_the_search_knows_names_and_spices_without_accents(home: Household) -> None:
    ana = home.person()
    ana.post("/receitas/", json=BEANS)
    ana.post("/receitas/", json=TEA)

    found = read(ana.get("/app/", params={"q": "cha"}))
    assert "1 receita encontrada Chá" in found
    assert "Feijão" not in found
    assert "Feijão" in read(ana.get("/app/", params={"q": "SAL"}))
    assert "Nenhuma receita com “<b>”." in read(ana.get("/app/", params={"q": "<b>"}))


def test_another_persons_kitchen_is_not_shown(home: Household) -> None:
    home.person("Ana").post("/receitas/", json=BEANS)

    assert "Feijão" not in read(home.person("Bia").get("/app/"))


def test_what_is_under_way_is_shown_first(home: Household) -> None:
    ana = home.person()
    board = home.board(ana)
    ana.put("/config/robo", json=[FULL])
    recipe = ana.post("/receitas/", json=BEANS).json()["id"]
    job = ana.post("/jobs", json={"receita_id": recipe, "pessoas_solicitadas": 8}).json()
    assert (
        "Na fila Esperando o dispensador buscar o pedido. Feijão · 8 pessoas Tirar da fila"
        in read(ana.get("/app/"))
    )

    offered = board.get("/devices/me/next_job?wait=0").json()
    board.post(f"/devices/me/jobs/{job['id']}/accept", json={"job_key": offered["job_key"]})
    told = {"job_key": offered["job_key"], "item_ordem": 1, "frasco": 1, "dispensado_g": 3.0}
    board.post(f"/devices/me/jobs/{job['id']}/progress", json={**told, "status": "running"})

    page = ana.get("/app/")
    assert "Dosando Feijão · 8 pessoas 25%" in read(page)
    assert f"/app/jobs/{job['id']}" in links(page)


def test_the_kitchen_is_seen_from_the_chosen_dispenser(home: Household) -> None:
    ana = home.person()
    home.board(ana)
    ana.post("/receitas/", json=BEANS)
    assert "/app/?dispenser=1" not in links(ana.get("/app/"))
    home.board(ana, "board-2")
    ana.put("/config/robo", json=[FULL])

    assert "Sal 100 g" in read(ana.get("/app/"))
    second = ana.get("/app/?dispenser=2")

    assert "Sal 100 g" not in read(second)
    assert {"/app/dispensers/2/jars/1", "/app/recipes/1?dispenser=2"} <= {*links(second)}
    assert 'data-live="/app/live?dispenser=2"' in second.text
    assert ana.get("/app/?dispenser=9").status_code == 404


def test_the_queue_is_shown_and_its_orders_can_be_cancelled(kitchen: Furnished) -> None:
    settings.configure(
        kitchen.site,
        kitchen.person.id,
        kitchen.dispenser_id,
        {"queues": True},
        by=kitchen.actor,
    )
    kitchen.started()
    second, third = kitchen.order(people=2), kitchen.order(people=3)
    ana = kitchen.browser()
    page = read(ana.get("/app/"))
    assert "Depois Arroz 2 pessoas · 1º na fila Tirar da fila Arroz 3 pessoas · 2º na fila" in page

    stop = f"/app/jobs/{second.id}/stop"
    answer = ana.post(stop, data={"back": "/app/"}, follow_redirects=False)

    assert answer.headers["location"] == "/app/"
    assert kitchen.job(second.id).state == "canceled"
    assert "1º na fila" in read(ana.get(f"/app/jobs/{third.id}"))


def test_many_recipes_are_shown_by_pages_and_found_on_all_of_them(home: Household) -> None:
    ana = home.person()
    with home.site.database.write() as connection:
        rows = [
            {
                "owner_id": 1,
                "name": f"Receita {number:04}",
                "portions": 4,
                "created_at": home.clock(),
            }
            for number in range(1, 5001)
        ]
        connection.execute(insert(recipes), rows)
        parts = [
            {"recipe_id": number, "position": 1, "spice": "Sal", "quantity_mg": 1000}
            for number in range(1, 5001)
        ]
        connection.execute(insert(ingredients), parts)

    page = ana.get("/app/")

    assert len(page.content) < 60_000
    assert "Receita 0001" in page.text
    assert "Receita 0048" in page.text
    assert "Receita 0049" not in page.text
    assert "1–48 / 5000 Próxima página" in read(page)
    assert "/app/?page=2" in links(page)
    second = read(ana.get("/app/?page=2&dispenser=1"))
    assert "Receita 0049" in second
    assert "Página anterior 49–96 / 5000 Próxima página" in second
    last = ana.get("/app/?page=5000")
    assert "Receita 5000" in last.text
    assert "4993–5000 / 5000" in read(last)
    found = ana.get("/app/?q=receita+49")
    assert "100 receitas encontradas" in found.text
    assert "/app/?q=receita+49&page=2" in links(found)
    assert ana.get("/app/?page=0").status_code == 400

    everything = ana.get("/receitas/").json()
    assert [recipe["id"] for recipe in everything] == list(range(1, 501))
    more = ana.get("/receitas/?offset=4998").json()
    assert [recipe["nome"] for recipe in more] == ["Receita 4999", "Receita 5000"]


def test_one_recipe_too_many_is_told_so_and_the_form_stays(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yaguts.services.pantry.recipes.MOST_RECIPES", 1)
    ana = home.person()
    ana.post("/receitas/", json=BEANS)

    form = {"name": "Chá", "portions": "1", "spice": "Canela", "amount": "1"}
    page = ana.post("/app/recipes/new", data=form)

    assert page.status_code == 409
    assert "Esta cozinha já tem 1 receitas. Apague uma para salvar outra." in page.text
    assert 'value="Chá"' in page.text
    assert ana.post("/receitas/", json=TEA).json()["type"] == "urn:yaguts:problem:too_many.recipe"


def test_a_dispenser_has_one_state(kitchen: Furnished, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = kitchen.browser()
    job = kitchen.started(Sal=4.0)
    assert "Dosando Arroz · 1 pessoa 0%" in read(ana.get("/app/"))
    kitchen.clock.passes(seconds=30)
    assert "Dosando, sem notícias por enquanto Arroz" in read(ana.get("/app/"))

    ana.post(f"/app/jobs/{job.id}/stop")
    page = read(ana.get("/app/"))
    assert "Parando Arroz" in page or "sem notícias" in page
    assert "pronto para dosar" not in page
    kitchen.report(job, key=job.key)
    kitchen.clock.passes(minutes=5)
    kitchen.order()
    page = read(ana.get("/app/"))
    assert "Na fila Espera o dispensador, que está fora do ar. Arroz" in page
    assert "Ligar o dispensador virtual" not in page
    monkeypatch.setattr("yaguts.services.tryout.virtual_dispenser.may_start", lambda *_: True)
    assert "Ligar o dispensador virtual" in read(ana.get("/app/"))
