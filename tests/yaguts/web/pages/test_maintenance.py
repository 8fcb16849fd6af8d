"""Maintenance on the pages: a dose, a purge and a cleaning."""

import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.furnished import Furnished, a_log
from tests.support.kitchen.household import Household
from tests.support.kitchen.pages import links, read
from yaguts.services.pantry import configuration

JAR = "/app/dispensers/1/jars/1"
CLEANING = "/app/dispensers/1/cleaning"


@pytest.fixture
def browser(kitchen: Furnished) -> TestClient:
    return kitchen.browser()


def run(kitchen: Furnished) -> None:
    """A dispenser with firmware 0.1 dispenses what is ordered."""
    board = kitchen.board()
    job = board.get("/devices/me/next_job").json()
    assert board.post(f"/devices/me/jobs/{job['id']}/complete", json=a_log(job)).status_code == 200


def configure(kitchen: Furnished, **change: object) -> None:
    changes = [(1, configuration.JarChange(**change))]  # type: ignore[typeddict-item]
    configuration.set_jars(kitchen.site, kitchen.person.id, changes, by=kitchen.actor)


def test_a_dose_is_ordered_watched_and_found_again(kitchen: Furnished, browser: TestClient) -> None:
    page = browser.post(f"{JAR}/dose", data={"amount": "2,5"})

    assert "Dose: Sal Na fila" in read(page)
    assert "Dose: Sal" in read(browser.get("/app/"))
    run(kitchen)
    ended = browser.get("/app/jobs/1")
    assert "Saiu a dose inteira." in read(ended)
    assert JAR in links(ended)
    assert "Dose: Sal Pronto" in read(browser.get("/app/history"))
    assert "1;Dose: Sal;1;Pronto" in browser.get("/app/history/file").text


def test_a_purge_of_a_jar_of_unknown_rate(kitchen: Furnished, browser: TestClient) -> None:
    configure(kitchen, rate=None)

    page = browser.post(f"{JAR}/purge", data={"amount": "12"})

    assert "Esvaziamento: Sal" in read(page)
    assert "12,0 s" in read(page)
    run(kitchen)
    assert "O que saiu conta como perda." in read(browser.get("/app/jobs/1"))
    assert "Não se sabe quanto tem" in read(browser.get(JAR))


def test_a_jar_without_a_label_is_purged(kitchen: Furnished, browser: TestClient) -> None:
    configure(kitchen, label=None)

    assert "Esvaziamento: Frasco 1" in read(browser.post(f"{JAR}/purge", data={"amount": "3"}))


@pytest.mark.parametrize(
    ("form", "typed", "status"),
    [("dose", "0,0004", 422), ("dose", "x", 422), ("dose", "400", 409), ("purge", "181", 422)],
)
def test_an_invalid_amount_is_explained_at_its_field(
    browser: TestClient, form: str, typed: str, status: int
) -> None:
    answer = browser.post(
        f"{JAR}/{form}", data={"amount": typed, "choice": f"{typed}!amount.unusual"}
    )

    assert answer.status_code == status
    assert f'id="about-{form}"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert browser.get("/jobs/active").json() == {"active": None}


def test_a_busy_dispenser_says_so(kitchen: Furnished, browser: TestClient) -> None:
    kitchen.order()

    for form in ("dose", "purge"):
        answer = browser.post(f"{JAR}/{form}", data={"amount": "2"})
        assert (answer.status_code, "O dispensador está ocupado" in read(answer)) == (409, True)


def test_emptied_jars_are_cleaned(kitchen: Furnished, browser: TestClient) -> None:
    configure(kitchen, stock=0)
    page = browser.get(CLEANING)
    assert CLEANING in links(browser.get("/app/jars"))
    assert "100 g: esvazie antes" in read(page)
    assert page.text.count("disabled") == 3
    assert page.text.count("checked") == 1

    ordered = browser.post(CLEANING, data={"jar": ["1"]})

    assert "Limpeza Na fila" in read(ordered)
    run(kitchen)
    assert "Cada frasco foi aberto e fechado algumas vezes." in read(browser.get("/app/jobs/1"))
    assert kitchen.jar().stock == 0


@pytest.mark.parametrize(("jars", "status"), [([], 422), (["2"], 409), (["99"], 422)])
def test_no_jar_and_a_full_jar_are_not_cleaned(
    browser: TestClient, jars: list[str], status: int
) -> None:
    answer = browser.post(CLEANING, data={"jar": jars})

    assert (answer.status_code, 'role="alert"' in answer.text) == (status, True)


def test_a_member_may_order_only_doses(home: Household, kitchen: Furnished) -> None:
    bia = home.member(kitchen.browser())

    assert bia.post(f"{JAR}/purge", data={"amount": "2"}).status_code == 403
    assert bia.get(CLEANING).status_code == 403
    assert CLEANING not in links(bia.get("/app/jars"))
    assert "Dose: Sal" in read(bia.post(f"{JAR}/dose", data={"amount": "1"}))
