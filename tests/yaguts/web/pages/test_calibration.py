"""The calibration wizard, page by page, without JavaScript."""

import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.furnished import Furnished, a_log
from tests.support.kitchen.household import Household
from tests.support.kitchen.pages import links, read
from yaguts.services.jobs import calibration
from yaguts.services.pantry import configuration
from yaguts.web.views.calibration import drawn

JAR = "/app/dispensers/1/jars/1"
WIZARD = f"{JAR}/calibration"


@pytest.fixture
def browser(kitchen: Furnished) -> TestClient:
    configuration.set_jars(kitchen.site, kitchen.person.id, [(1, {"rate": None})], by=kitchen.actor)
    return kitchen.browser()


def fall(kitchen: Furnished, browser: TestClient, seconds: str) -> int:
    """Order a run and have a dispenser with firmware 0.1 report it. Returns the job's id."""
    browser.post(f"{WIZARD}/run", data={"seconds": seconds})
    board = kitchen.board()
    job = board.get("/devices/me/next_job").json()
    board.post(f"/devices/me/jobs/{job['id']}/complete", json=a_log(job))
    return job["id"]


def weighed(kitchen: Furnished, browser: TestClient, seconds: str, grams: str) -> int:
    job = fall(kitchen, browser, seconds)
    answer = browser.post(f"{WIZARD}/weigh", data={"job": str(job), "amount": grams})
    assert answer.status_code == 200, read(answer)
    return job


def test_from_the_cook_page_to_a_rate_and_back(kitchen: Furnished, browser: TestClient) -> None:
    recipe = kitchen.recipe(Sal=4.0)
    cook = browser.get(f"/app/recipes/{recipe}")
    [remedy] = [link for link in links(cook) if "calibration" in link]
    back = f"/app/recipes/{recipe}?people=1"
    assert back in read_hidden(browser.get(remedy).text)

    for seconds, grams in [("2", "1,0"), ("4", "2,05"), ("6", "3,08")]:
        weighed(kitchen, browser, seconds, grams)
    page = browser.get(WIZARD)
    assert "0,5121 g/s" in read(page)
    assert "As doses combinam bem. Uma dose de 5 g pode variar 0,12 g." in read(page)
    answer = browser.post(f"{WIZARD}/accept", data={"back": back}, follow_redirects=False)

    assert answer.headers["location"] == back
    assert kitchen.jar().rate == 512_143
    assert kitchen.jar().stock == 100_000 - 6130
    assert "0,5121 g/s" in read(browser.get(JAR))


def read_hidden(html: str) -> str:
    return html.replace("&amp;", "&")


def test_each_step_shows_what_to_do_next(kitchen: Furnished, browser: TestClient) -> None:
    start = browser.get(WIZARD)
    assert "Dosar por (s)" in read(start)
    assert 'value="2,0"' in start.text

    running = browser.post(f"{WIZARD}/run", data={"seconds": "2"})
    assert "Dose 1 · 2,0 s Na fila" in read(running)
    assert "<noscript><meta" in running.text
    assert "Dosar por (s)" not in read(running)

    board = kitchen.board()
    job = board.get("/devices/me/next_job").json()
    board.post(f"/devices/me/jobs/{job['id']}/complete", json=a_log(job))
    fallen = browser.get(WIZARD)
    assert "O que a balança mostra?" in read(fallen)
    assert "Dosar por (s)" not in read(fallen)
    assert "<noscript><meta" not in fallen.text
    assert WIZARD in links(browser.get(f"/app/jobs/{job['id']}"))

    done = browser.post(f"{WIZARD}/weigh", data={"job": str(job["id"]), "amount": "1,02"})
    assert "1,02 g · 0,51 g/s" in read(done)
    assert 'value="4,0"' in done.text


def test_a_run_that_stands_out_is_named_and_repeated(
    kitchen: Furnished, browser: TestClient
) -> None:
    bad = weighed(kitchen, browser, "2", "0,2")
    for seconds, grams in [("4", "2,0"), ("6", "3,0")]:
        weighed(kitchen, browser, seconds, grams)
    page = read(browser.get(WIZARD))
    assert "As doses variam muito." in page
    assert "A dose 1 é a que mais destoa" in page

    browser.post(f"{WIZARD}/repeat", data={"job": str(bad)})
    weighed(kitchen, browser, "2", "1,0")

    assert "As doses combinam bem." in read(browser.get(WIZARD))


@pytest.mark.parametrize("typed", ["", "x", "-1", "1001"])
def test_an_invalid_weight(kitchen: Furnished, browser: TestClient, typed: str) -> None:
    job = fall(kitchen, browser, "2")

    answer = browser.post(f"{WIZARD}/weigh", data={"job": str(job), "amount": typed})

    assert answer.status_code == 422
    assert f'id="about-run-{job}"' in answer.text
    assert "data-live" not in answer.text  # A live part would replace the text at once.
    assert kitchen.job(job).doses[0].fell_at_most_mg is None


@pytest.mark.parametrize("typed", ["0,4", "31", "x", ""])
def test_an_invalid_length(browser: TestClient, typed: str) -> None:
    answer = browser.post(f"{WIZARD}/run", data={"seconds": typed})

    assert (answer.status_code, 'aria-invalid="true"' in answer.text) == (422, True)
    assert browser.get("/jobs/active").json() == {"active": None}


def test_what_is_not_possible_now_is_explained(kitchen: Furnished, browser: TestClient) -> None:
    assert browser.post(f"{WIZARD}/accept").status_code == 409
    fall(kitchen, browser, "2")

    early = browser.post(f"{WIZARD}/run", data={"seconds": "2"})

    assert early.status_code == 409
    assert browser.post(f"{WIZARD}/weigh", data={"job": "x", "amount": "1"}).status_code == 404
    assert browser.post(f"{WIZARD}/repeat", data={"job": "99"}).status_code == 404


def test_only_the_owner_calibrates(home: Household, kitchen: Furnished) -> None:
    bia = home.member(kitchen.browser())

    assert bia.get(WIZARD).status_code == 403
    assert bia.post(f"{WIZARD}/run", data={"seconds": "2"}).status_code == 403


def test_a_jar_that_holds_no_spice_is_not_calibrated(
    kitchen: Furnished, browser: TestClient
) -> None:
    configuration.set_jars(
        kitchen.site, kitchen.person.id, [(1, {"label": None})], by=kitchen.actor
    )

    answer = browser.get(WIZARD)

    assert answer.status_code == 400
    assert "não tem tempero" in read(answer)


def test_the_drawing_has_a_dot_a_run_and_the_line(kitchen: Furnished, browser: TestClient) -> None:
    for seconds, grams in [("2", "1"), ("4", "2"), ("6", "3")]:
        weighed(kitchen, browser, seconds, grams)

    drawing = drawn(calibration.look(kitchen.site, kitchen.person.id, 1, 1))

    assert drawing is not None
    assert drawing.dots == ((100, 100), (200, 50), (300, 0))
    assert (drawing.end, drawing.error, drawing.outlier) == ((300, 0), 0, None)


def test_a_weight_far_from_the_runs_before_is_asked_back(
    kitchen: Furnished, browser: TestClient
) -> None:
    weighed(kitchen, browser, "2", "1")
    job = fall(kitchen, browser, "4")

    asked = browser.post(f"{WIZARD}/weigh", data={"job": str(job), "amount": "20,1"})

    assert asked.status_code == 422
    assert "Deviam sair uns 2,0 g, e você escreveu 20,1 g." in read(asked)
    sure = {"job": str(job), "amount": "20,1", "choice": "20,1!amount.unusual_fall"}
    assert browser.post(f"{WIZARD}/weigh", data=sure).status_code == 200
