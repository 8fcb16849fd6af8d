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
    assert "Na fila Esperando o dispensador" in watch(browser, job)

    handover.offer(kitchen.site, kitchen.dispenser)
    handover.accept(kitchen.site, kitchen.dispenser, job.id, job.key)
    told = handover.ReportedProgress(job.key, 1, 1, Milligrams(2000), DoseStatus.RUNNING)
    handover.progress(kitchen.site, kitchen.dispenser_id, job.id, told)
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
    assert "entre 0,0 g e 1,2 g não terminou: nada saiu do frasco" in text
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
    handover.progress(kitchen.site, kitchen.dispenser_id, job.id, told)

    page = watch(browser, job)
    assert "Continuar? Houve uma interrupção" in page
    assert "Continuar Parar" in page
    assert "Continuar?" in read(browser.get("/app/"))
    english = browser.get(f"/app/jobs/{job.id}", headers={"Accept-Language": "en"})
    assert "Go on Stop" in read(english)

    assert "Dosando" in read(browser.post(f"/app/jobs/{job.id}/resume"))
    assert handover.progress(kitchen.site, kitchen.dispenser_id, job.id, told).resume


def test_a_late_resume_consent_is_refused(kitchen: Furnished, browser: TestClient) -> None:
    job = kitchen.started(Sal=4.0)

    answer = browser.post(f"/app/jobs/{job.id}/resume")

    assert answer.status_code == 409
    assert "O dispensador não está perguntando" in read(answer)
