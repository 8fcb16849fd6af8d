"""The page of a job: its progress, its end, and what follows."""

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from tests.support.builders import a_reported_dose, report_of
from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household
from tests.support.kitchen.pages import links, read
from yaguts.domain.jobs.job import DoseStatus, Job
from yaguts.domain.units import Milligrams
from yaguts.services.delivery import handover
from yaguts.services.jobs import orders
from yaguts.services.pantry import stock
from yaguts.web.views.jar_drawing import depth
from yaguts_wire import words as w


@pytest.fixture
def browser(kitchen: Furnished) -> TestClient:
    return kitchen.browser()


def watch(browser: TestClient, job: Job) -> str:
    """The text of a job's page."""
    return read(browser.get(f"/app/jobs/{job.id}")).partition("Histórico Arroz")[2]


def partly(kitchen: Furnished, error: str, at_least: int = 0) -> Job:
    """A job whose second jar failed after at most 1.2 of 3 g."""
    job = kitchen.started(Sal=4.0, Pimenta=3.0)
    good, bad = (a_reported_dose(dose) for dose in job.doses)
    bad = replace(bad, done=False, error=error, fell_at_most_mg=Milligrams(1200), resumes=1)
    bad = replace(bad, fell_at_least_mg=Milligrams(at_least))
    bad = replace(bad, stopped_here=error == w.STOPPED_HERE)
    kitchen.report(job, report_of(good, bad), job.key)
    return job


def test_a_job_waits_runs_and_is_done(kitchen: Furnished, browser: TestClient) -> None:
    job = kitchen.order(Sal=4.0, Pimenta=4.0)
    assert "Na fila Espera o dispensador, que está fora do ar." in watch(browser, job)

    handover.offer(kitchen.site, kitchen.dispenser)
    handover.accept(kitchen.site, kitchen.dispenser, job.id, job.key)
    told = handover.ReportedProgress(job.key, 1, 1, Milligrams(2000), DoseStatus.RUNNING)
    handover.progress(kitchen.site, kitchen.dispenser, job.id, told)
    page = watch(browser, job)
    assert "Dosando Deixe a tigela no lugar. 25%" in page
    assert "Sal Frasco 1 2,0 g de 4,0 g saindo agora" in page
    assert "Pimenta Frasco 2 0,0 g de 4,0 g espera a vez" in page

    kitchen.report(job, key=job.key)
    page = watch(browser, job)
    assert "Pronto Saiu tudo" in page
    assert "Sal Frasco 1 4,0 g saiu tudo" in page
    assert "Estoque descontado" in page
    assert "Fazer de novo" in page


def test_a_partly_done_job_looks_neither_done_nor_failed(
    kitchen: Furnished, browser: TestClient
) -> None:
    job = partly(kitchen, w.NO_FLOW)

    page = browser.get(f"/app/jobs/{job.id}")

    assert "fate-done_partial" in page.text
    assert "#i-half" in page.text
    text = read(page)
    assert "Saiu só uma parte" in text
    assert "no máximo 1,2 g não terminou: nada saiu do frasco" in text
    assert "retomado 1 vez" in text
    assert "Dosar o que faltou 1,8 g Pimenta" in text


def test_an_unknown_error_of_a_dispenser_is_shown_unchanged(
    kitchen: Furnished, browser: TestClient
) -> None:
    assert "não terminou: <mola> solta" in watch(browser, partly(kitchen, "<mola> solta", 1200))


def test_what_is_missing_is_ordered_once(kitchen: Furnished, browser: TestClient) -> None:
    job = partly(kitchen, w.NO_FLOW)

    answer = browser.post(f"/app/jobs/{job.id}/missing", follow_redirects=False)

    again = f"/app/jobs/{job.id + 1}"
    assert (answer.status_code, answer.headers["location"]) == (303, again)
    assert again in links(browser.get(f"/app/jobs/{job.id}"))
    repeated = browser.post(f"/app/jobs/{job.id}/missing", follow_redirects=False)
    assert repeated.headers["location"] == again


def test_a_jar_that_is_empty_now_is_explained(kitchen: Furnished, browser: TestClient) -> None:
    job = partly(kitchen, w.NO_FLOW)
    browser.put("/config/robo", json=[{"frasco": 2, "estoque_g": 1}])

    answer = browser.post(f"/app/jobs/{job.id}/missing")

    assert answer.status_code == 409
    assert "tem 1,0 g, e são necessários 1,8 g." in read(answer)


def test_stop_before_and_after_the_start(kitchen: Furnished, browser: TestClient) -> None:
    waiting = kitchen.order()
    browser.post(f"/app/jobs/{waiting.id}/stop")
    assert "Cancelado" in watch(browser, waiting)
    assert "cancelado antes de começar" in watch(browser, waiting)

    running = kitchen.started()
    answer = browser.post(f"/app/jobs/{running.id}/stop", follow_redirects=False)
    assert answer.headers["location"] == f"/app/jobs/{running.id}"
    assert "Parando" in watch(browser, running)


def test_a_job_that_was_stopped_at_the_dispenser_says_so_although_nobody_here_asked(
    kitchen: Furnished, browser: TestClient
) -> None:
    job = partly(kitchen, w.STOPPED_HERE, 1100)

    page = watch(browser, job)
    assert "Parado no dispensador O que saiu antes" in page
    assert "parado no dispensador, pelo botão" in page


def test_a_silent_dispenser_is_explained(kitchen: Furnished, browser: TestClient) -> None:
    job = kitchen.started()
    assert "Sem notícias" not in watch(browser, job)

    kitchen.clock.passes(seconds=30)

    assert "Sem notícias do dispensador por enquanto. Ele continua sozinho" in watch(browser, job)


def test_a_dispenser_that_was_heard_of_in_the_future_is_silent(
    kitchen: Furnished, browser: TestClient
) -> None:
    kitchen.clock.jumps(days=1)
    job = kitchen.started()
    kitchen.clock.jumps(days=-1)

    assert "Sem notícias do dispensador" in watch(browser, job)


def test_an_expired_job(kitchen: Furnished, browser: TestClient) -> None:
    job = kitchen.order()
    kitchen.clock.passes(minutes=3)
    assert "Assim que voltar, ele busca o pedido" in watch(browser, job)


def test_somebody_elses_job_is_not_found(home: Household, kitchen: Furnished) -> None:
    job = kitchen.order()
    bia = home.person("Bia")

    for method, path in (("GET", ""), ("GET", "/live"), ("POST", "/stop"), ("POST", "/missing")):
        answer = bia.request(method, f"/app/jobs/{job.id}{path}")
        assert answer.status_code == 404, path
        assert "Pedido não encontrado." in read(answer)


def test_after_an_outage_the_page_asks_whether_to_go_on(
    kitchen: Furnished, browser: TestClient
) -> None:
    address = f"/app/dispensers/{kitchen.dispenser_id}"
    assert "continua sozinho" in read(browser.get(address))
    assert "pergunta antes de continuar" in read(
        browser.post(f"{address}/settings/asks", data={"on": "yes"})
    )
    job = kitchen.started(Sal=4.0)
    told = handover.ReportedProgress(
        job.key, 1, 1, Milligrams(2000), DoseStatus.RUNNING, question=5
    )
    handover.progress(kitchen.site, kitchen.dispenser, job.id, told)

    page = watch(browser, job)
    assert "Continuar? Houve uma interrupção" in page
    assert "Continuar Parar" in page
    assert "Continuar?" in read(browser.get("/app/"))
    english = browser.get(f"/app/jobs/{job.id}", headers={"Accept-Language": "en"})
    assert "Go on Stop" in read(english)

    assert "Dosando" in read(browser.post(f"/app/jobs/{job.id}/resume"))
    assert handover.progress(kitchen.site, kitchen.dispenser, job.id, told).resume


def test_a_late_resume_consent_is_refused(kitchen: Furnished, browser: TestClient) -> None:
    job = kitchen.started(Sal=4.0)

    answer = browser.post(f"/app/jobs/{job.id}/resume")

    assert answer.status_code == 409
    assert "O dispensador não está perguntando" in read(answer)


def test_a_retry_says_only_that_the_rest_came(kitchen: Furnished, browser: TestClient) -> None:
    browser.post(f"/app/jobs/{partly(kitchen, w.NO_FLOW).id}/missing")
    handover.offer(kitchen.site, kitchen.dispenser)
    rest = kitchen.job(2)
    handover.accept(kitchen.site, kitchen.dispenser, rest.id, rest.key)
    kitchen.report(rest, key=rest.key)

    page = watch(browser, rest)

    assert page.startswith(" o que faltou Pronto Saiu o que faltava do pedido anterior.")
    assert "Fazer a receita inteira de novo" in page
    assert "o que faltou · Pronto" in read(browser.get("/app/history"))


def test_what_the_hand_adds_is_not_said_to_have_come(
    kitchen: Furnished, browser: TestClient
) -> None:
    wanted = orders.Order(kitchen.recipe(Sal=1.0, Louro=0.5), by_hand=True)
    job = orders.order(kitchen.site, kitchen.person.id, wanted, by=kitchen.actor)
    assert handover.fetch(kitchen.site, kitchen.dispenser)
    kitchen.report(job)

    assert "Saiu tudo o que vem dos frascos. O resto é à mão" in watch(browser, job)


def test_an_order_that_never_started_dispensed_nothing(
    kitchen: Furnished, browser: TestClient
) -> None:
    kitchen.board().post("/devices/me/heartbeat")
    job = kitchen.order()
    page = watch(browser, job)
    assert "Na fila Esperando o dispensador buscar o pedido." in page
    assert "Tirar da fila" in page
    assert "Parar" not in page
    assert "%" not in page

    browser.post(f"/app/jobs/{job.id}/stop")

    assert "Cancelado Nada saiu." in watch(browser, job)


def test_a_jar_is_drawn_as_its_stock(kitchen: Furnished, browser: TestClient) -> None:
    job = kitchen.started(Sal=40.0)
    told = handover.ReportedProgress(job.key, 1, 1, Milligrams(20_000), DoseStatus.RUNNING)
    handover.progress(kitchen.site, kitchen.dispenser, job.id, told)

    full, at = depth(100), f"/app/jobs/{job.id}"
    page = browser.get(at)
    assert f'class="spice" x="4" width="56" y="30" height="{full}"' in page.text
    assert "Faltam cerca de 20 s" in read(page)
    kitchen.report(job, key=job.key)
    assert f'height="{depth(60)}"' in browser.get(at).text
    stock.assign(kitchen.site, kitchen.person.id, kitchen.dispenser_id, 1, None, kitchen.actor)
    assert "jar tone-salt unknown" in browser.get(at).text


def test_where_nothing_came_out_it_is_said_what_is_in_the_jar(
    kitchen: Furnished, browser: TestClient
) -> None:
    job = partly(kitchen, w.NO_FLOW)
    at, jar = f"/app/jobs/{job.id}", f"/app/dispensers/{kitchen.dispenser_id}/jars/2"
    page = browser.get(at)
    assert "Frasco 2, Pimenta: nada saiu Pelo estoque ainda há 98,8 g." in read(page)
    for form in (f"{at}/empty/2", f"{jar}/refill", f"{jar}/weigh"):
        assert f'action="{form}"' in page.text
    assert browser.post(f"{at}/empty/1").status_code == 404
    kitchen.clock.passes(seconds=9)

    answer = browser.post(f"{at}/empty/2")

    assert kitchen.jar(2).stock == 0
    assert "nada saiu Pelas contas" not in read(answer)
    assert "empty/2" not in answer.text
    assert "Corrigido Ana -98,8 g 0,0 g" in read(browser.get(jar)).replace("\u00a0", " ")


def test_a_refill_at_the_place_of_trouble_leads_back_to_it(
    kitchen: Furnished, browser: TestClient
) -> None:
    job = partly(kitchen, w.NO_FLOW)
    kitchen.clock.passes(seconds=9)
    at, jar = f"/app/jobs/{job.id}", f"/app/dispensers/{kitchen.dispenser_id}/jars/2"

    answer = browser.post(f"{jar}/refill", data={"amount": "50", "back": at})

    assert answer.url.path == at
    assert "nada saiu Pelas" not in read(answer)
    assert kitchen.jar(2).stock == 148_800


def test_another_trouble_asks_nothing_of_the_jar(kitchen: Furnished, browser: TestClient) -> None:
    job = partly(kitchen, w.STUCK_RELAY)

    assert "trouble" not in browser.get(f"/app/jobs/{job.id}").text
