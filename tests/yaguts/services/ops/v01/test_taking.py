"""A database of version 0.1 is taken: all of it, once, with everything that goes wrong in one."""

import hmac
import json
import sqlite3
from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.support.databases import POSTGRESQL, Databases
from tests.support.kitchen.household import Household
from tests.support.kitchen.v01 import (
    BOARD,
    LAST_JOB,
    LONG,
    LONG_NAME,
    OLDEST,
    SECOND_BOARD,
    SHORT,
    every_trap,
    hashed,
    job,
    make_postgresql,
    make_sqlite,
    recipe,
    spread,
)
from yaguts.domain.errors import WrongCredentials
from yaguts.domain.ids import KitchenId
from yaguts.domain.jobs.job import DoseStatus, Failure, Job, JobState
from yaguts.domain.stock.ledger import MovementReason
from yaguts.http.access import COOKIE
from yaguts.services.ops.v01.taking import CannotImport, Imported, take
from yaguts.services.people import accounts
from yaguts.storage import dispensers, jobs, ledger, people, recipes, v01
from yaguts.storage.tables import metadata
from yaguts_wire import words as w

ADDRESS = "192.0.2.9"
PAUSED_AT = 12


@pytest.fixture
def old(tmp_path: Path) -> v01.V01Database:
    """Every trap."""
    return v01.read(make_sqlite(tmp_path / "v01.db", every_trap()))


@pytest.fixture
def taken(home: Household, old: v01.V01Database) -> Imported:
    return take(home.site, old)


def kitchen_of(home: Household, name: str) -> KitchenId:
    with home.site.database.read() as connection:
        found = people.credentials(connection, name)
    assert found is not None, name
    return found[0].kitchen_id


def job_of(home: Household, number: int) -> Job:
    with home.site.database.read() as connection:
        return jobs.find(connection, number)


def rows(home: Household) -> dict[str, int]:
    """How many rows each table has."""
    with home.site.database.read() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }


def log_in(home: Household, name: str, password: str) -> Any:
    browser = home.browser()
    return browser, browser.post("/auth/login", json={w.NAME: name, w.PASSWORD: password})


@pytest.mark.usefixtures("taken")
def test_people_keep_their_passwords_however_short(home: Household) -> None:
    browser, answer = log_in(home, "Ana", SHORT)

    assert answer.status_code == 200
    assert browser.get("/auth/me").json()[w.NAME] == "Ana"
    with pytest.raises(WrongCredentials):
        accounts.sign_in(home.site, "Ana", "sal ", ADDRESS)


@pytest.mark.usefixtures("taken")
def test_the_next_sign_in_hashes_the_password_as_today(home: Household) -> None:
    accounts.sign_in(home.site, "Ana", SHORT, ADDRESS)

    with home.site.database.read() as connection:
        found = people.credentials(connection, "Ana")
    assert found is not None
    assert found[1].startswith("$argon2id$")
    accounts.sign_in(home.site, "Ana", SHORT, ADDRESS)


@pytest.mark.usefixtures("taken")
def test_a_longer_password_is_compared_as_version_0_1_did(home: Household) -> None:
    """Whoever mistypes what bcrypt never saw must not make that the password."""
    name = LONG_NAME[:60].strip()
    accounts.sign_in(home.site, name, LONG[:-3] + "mif", ADDRESS)

    with home.site.database.read() as connection:
        found = people.credentials(connection, name)
    assert found is not None
    assert found[1].startswith("$2")
    accounts.sign_in(home.site, name, LONG, ADDRESS)
    assert log_in(home, name, LONG * 20)[1].status_code == 200
    with pytest.raises(WrongCredentials):
        accounts.sign_in(home.site, name, "á" * 35, ADDRESS)


@pytest.mark.usefixtures("taken")
def test_a_new_password_takes_the_place_of_the_old_one(home: Household) -> None:
    browser, _ = log_in(home, "Ana", SHORT)
    new = "canela em pau 43"
    changed = browser.put("/auth/password", json={w.CURRENT_PASSWORD: SHORT, w.PASSWORD: new})

    assert changed.status_code == 200
    with pytest.raises(WrongCredentials):
        accounts.sign_in(home.site, "Ana", SHORT, ADDRESS)
    accounts.sign_in(home.site, "Ana", new, ADDRESS)


@pytest.mark.parametrize(
    ("name", "password"), [("ANA 2", "outra senha"), ("Bia Exemplo", "bia"), ("Pessoa 6", "x")]
)
def test_names_that_cannot_be_kept_are_told(
    home: Household, taken: Imported, name: str, password: str
) -> None:
    accounts.sign_in(home.site, name, password, ADDRESS)

    assert any(repr(name) in line for line in taken.conversion.notes.changed)


def test_whoever_has_no_password_is_told_and_does_not_get_in(
    home: Household, taken: Imported
) -> None:
    for password in ("", "pbkdf2$nada", "!"):
        with pytest.raises(WrongCredentials):
            accounts.sign_in(home.site, "Sem Senha", password, ADDRESS)

    assert any("'Sem Senha' has no password" in line for line in taken.conversion.notes.changed)


def test_names_that_are_here_already_are_kept(home: Household, old: v01.V01Database) -> None:
    home.person("ana")

    take(home.site, old)

    assert log_in(home, "Ana 2", SHORT)[1].status_code == 200


def test_recipes(home: Household, taken: Imported) -> None:
    with home.site.database.read() as connection:
        stored = {one.name: one for one in recipes.page(connection, kitchen_of(home, "Ana"), 99)}

    assert stored.keys() == {"Vinagrete", "Duas vezes sal", "Festa", "Passos"}
    assert [part.quantity for part in stored["Duas vezes sal"].ingredients] == [2_000, 3_000]
    assert (stored["Festa"].portions, stored["Festa"].ingredients[0].quantity) == (20, 40_000)
    assert stored["Passos"].ingredients[0].quantity == 4_600
    left_out = "\n".join(taken.conversion.notes.left_out)
    assert "'Demais': 600.0 g" in left_out
    assert "'Nada': it has no ingredients" in left_out
    assert "row 7 of receitas: its person 99 is not there" in left_out


def test_jars_have_what_can_be_true_of_them(home: Household, taken: Imported) -> None:
    with home.site.database.read() as connection:
        default = dispensers.default_of(connection, kitchen_of(home, "Ana"))
        jars = dispensers.jars_of(connection, default.id)
        opened = [
            (line.jar, line.reason)
            for line in ledger.history(connection, default.id)
            if line.reason == MovementReason.OPENING
        ]

    assert [(jar.label, jar.rate, jar.stock, jar.held) for jar in jars] == [
        ("Sal", 2_000_000, 186_000, 0),
        ("Pimenta", None, 143_000, 0),
        ("Orégano", 4_000_000, None, 0),
        ("Louro", 2_500_000, None, 0),
    ]
    assert opened == [(1, "opening"), (2, "opening")]
    assert (default.motor.intensity, default.motor.pre_start_ms) == (100, 400)
    assert any("jar 7" in line for line in taken.conversion.notes.left_out)


@pytest.mark.usefixtures("taken")
def test_a_jar_keeps_a_label_that_no_recipe_uses(home: Household) -> None:
    """The first front end sends back all that it was shown."""
    browser, _ = log_in(home, "Ana", SHORT)
    shown = browser.get("/config/robo").json()

    answer = browser.put("/config/robo", json=shown)

    assert answer.status_code == 200, answer.text
    assert [jar["rotulo"] for jar in answer.json()] == [jar["rotulo"] for jar in shown]


@pytest.mark.usefixtures("taken")
def test_the_opening_stock_is_shown_as_such(home: Household) -> None:
    browser, _ = log_in(home, "Ana", SHORT)
    page = browser.get("/app/dispensers/1/jars/1", headers={"Accept-Language": "pt-BR"})
    assert page.status_code == 200

    assert "saldo inicial, da versão 0.1" in page.text


def test_boards_wait_to_be_paired_and_find_their_jars(home: Household, taken: Imported) -> None:
    with home.site.database.read() as connection:
        of_ana = dispensers.of(connection, kitchen_of(home, "Ana"))

    assert [(one.uid, one.is_default, one.paired) for one in of_ana] == [
        (BOARD, True, False),
        (SECOND_BOARD, False, False),
    ]
    browser, _ = log_in(home, "Ana", SHORT)
    board = home.board(browser, SECOND_BOARD)
    assert board.post("/devices/me/heartbeat", json={}).status_code == 200
    listed = {one["uid"]: one["id"] for one in browser.get("/devices").json()["devices"]}
    assert listed[SECOND_BOARD] == of_ana[1].id
    with home.site.database.read() as connection:
        jars = dispensers.jars_of(connection, of_ana[1].id)
    assert [(jar.label, jar.stock) for jar in jars][:2] == [("Sal", None), ("Pimenta", None)]
    assert any("'x' is no uid" in line for line in taken.conversion.notes.left_out)


@pytest.mark.usefixtures("taken")
def test_no_token_of_version_0_1_opens_anything(home: Household) -> None:
    """They were JWTs, and the key that signed them had been published."""
    head, body = (b64(text) for text in ('{"alg": "HS256"}', '{"sub": "dev:1"}'))
    signature = hmac.new(b"dev-secret", f"{head}.{body}".encode(), sha256).digest()
    token = f"{head}.{body}.{urlsafe_b64encode(signature).decode().rstrip('=')}"
    board, browser = home.browser(), home.browser()
    board.headers["Authorization"] = f"Bearer {token}"
    browser.cookies.set(COOKIE, token)

    assert board.get("/devices/me/next_job").status_code == 401
    assert browser.get("/auth/me").status_code == 401


def b64(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("number", "state", "reported", "fell"),
    [
        (1, JobState.DONE, True, [4_000, 3_000]),
        (2, JobState.DONE_PARTIAL, True, [6_000, 0]),
        (3, JobState.DONE, True, [1_000]),
        (4, JobState.FAILED, True, [0]),
        (5, JobState.CANCELED, False, [None]),
        (6, JobState.DONE, True, [2_000]),
        (8, JobState.DONE_PARTIAL, True, [3_000]),
        (9, JobState.DONE, True, [1_000]),
        (10, JobState.FAILED, False, [None, None]),
        (11, JobState.FAILED, False, [None]),
        (12, JobState.DONE_PARTIAL, True, [1_000, 0]),
        (13, JobState.CANCELED, True, [2_000]),
        (14, JobState.DONE_PARTIAL, True, [2_000]),
        (LAST_JOB, JobState.CANCELED, False, [None]),
    ],
)
@pytest.mark.usefixtures("taken")
def test_the_truth_about_an_order_is_in_its_report(
    home: Household, number: int, state: JobState, reported: bool, fell: list[Any]
) -> None:
    stored = job_of(home, number)

    assert (stored.state, stored.reported) == (state, reported)
    assert [dose.fell_at_most_mg for dose in stored.doses] == fell
    assert stored.created_at <= home.clock()


def test_why_orders_ended(home: Household, taken: Imported) -> None:
    assert job_of(home, 4).error == "frasco invalido"
    assert job_of(home, 5).failure == Failure.CANCELLED
    assert job_of(home, 10).failure == Failure.UNCONFIRMED
    assert job_of(home, 11).failure == Failure.EXPIRED
    assert job_of(home, 12).doses[1].status == DoseStatus.FAILED
    left_out = taken.conversion.notes.left_out
    assert "order 15: it has a dose from jar 9" in left_out
    assert "row 16 of jobs: its person 99 is not there" in left_out
    assert f"order {LAST_JOB}: it has no doses" in left_out


@pytest.mark.usefixtures("taken")
def test_an_id_that_was_used_again_names_no_other_recipe(home: Household) -> None:
    with home.site.database.read() as connection:
        vinagrete = recipes.page(connection, kitchen_of(home, "Ana"), 99)[0]

    assert [job_of(home, number).recipe_id for number in (1, 2)] == [vinagrete.id] * 2
    assert [job_of(home, number).recipe_id for number in (6, 7)] == [None, None]


def paired(home: Household) -> tuple[Any, Any]:
    browser, _ = log_in(home, "Ana", SHORT)
    return browser, home.board(browser, BOARD)


def stock(browser: Any) -> list[float | None]:
    return [jar["estoque_g"] for jar in browser.get("/config/robo").json()]


@pytest.mark.usefixtures("taken")
def test_a_report_of_an_order_that_was_open_is_booked_once(home: Household) -> None:
    browser, board = paired(home)
    report = {
        "itens_completados": 2,
        "itens_falhados": 0,
        "execution_logs": [
            {"item_ordem": 1, "frasco": 1, "tempero": "Sal", "quantidade_g": 6.0,
             "segundos": 3.0, "status": "done"},
            {"item_ordem": 2, "frasco": 3, "tempero": "Orégano", "quantidade_g": 3.0,
             "segundos": 1.5, "status": "done"},
        ],
    }  # fmt: skip
    for _ in range(2):
        answer = board.post("/devices/me/jobs/10/complete", json=report)
        assert (answer.status_code, answer.json()["stock_deducted"]) == (200, True)

    assert stock(browser)[0] == 180.0
    assert job_of(home, 10).state == JobState.DONE


@pytest.mark.usefixtures("taken")
def test_a_report_that_version_0_1_has_booked_is_not_booked_again(home: Household) -> None:
    browser, board = paired(home)

    assert board.post("/devices/me/jobs/3/status", json={"status": "done"}).status_code == 200

    assert stock(browser)[0] == 186.0


@pytest.mark.usefixtures("taken")
def test_new_orders_are_numbered_above_all_old_ones(home: Household) -> None:
    browser, _ = paired(home)
    recipe = next(one for one in browser.get("/receitas/").json() if one["nome"] == "Festa")
    ordered = browser.post("/jobs", json={"receita_id": recipe["id"], "pessoas_solicitadas": 1})

    assert ordered.status_code == 201, ordered.text
    assert ordered.json()["id"] == LAST_JOB + 1


@pytest.mark.usefixtures("taken")
def test_a_late_report_of_the_last_order_is_none_of_the_next(home: Household) -> None:
    """It names only an id, and the order could not be taken."""
    browser, board = paired(home)
    recipe = next(one for one in browser.get("/receitas/").json() if one["nome"] == "Festa")
    browser.post("/jobs", json={"receita_id": recipe["id"], "pessoas_solicitadas": 1})

    late = board.post(f"/devices/me/jobs/{LAST_JOB}/status", json={"status": "done"})

    assert late.status_code == 200
    assert job_of(home, LAST_JOB + 1).state == JobState.QUEUED


@pytest.mark.usefixtures("taken")
def test_twice_is_once(home: Household, old: v01.V01Database) -> None:
    before = rows(home)
    home.clock.passes(hours=1)

    again = take(home.site, old)

    assert (again.again, rows(home)) == (home.clock() - (home.clock() - again.again), before)
    assert again.again < home.clock()


@pytest.mark.usefixtures("taken")
def test_what_has_changed_since_is_refused(home: Household, tmp_path: Path) -> None:
    before = rows(home)
    with closing(sqlite3.connect(tmp_path / "v01.db")) as opened:
        opened.execute("UPDATE reservatorio_config SET estoque_g = 1 WHERE frasco = 1")
        opened.commit()

    with pytest.raises(CannotImport, match="has changed since"):
        take(home.site, v01.read(str(tmp_path / "v01.db")))

    assert rows(home) == before


def test_where_orders_are_their_numbers_cannot_be_kept(
    home: Household, old: v01.V01Database
) -> None:
    bia = home.person("Bia")
    home.board(bia)
    bia.put("/config/robo", json=[{"frasco": 1, "rotulo": "Sal", "g_por_seg": 2.0,
                                   "estoque_g": 50.0}])  # fmt: skip
    body = {"nome": "Sal", "ingredientes": [{"tempero": "Sal", "quantidade": 1.0}]}
    recipe_id = bia.post("/receitas/", json=body).json()["id"]
    assert bia.post("/jobs", json={"receita_id": recipe_id}).status_code == 201
    before = rows(home)

    with pytest.raises(CannotImport, match="There are orders already"):
        take(home.site, old)

    assert rows(home) == before


@pytest.mark.parametrize("step", ["add_jobs", "number_above", "note"])
def test_a_failure_on_the_way_leaves_nothing(
    home: Household, old: v01.V01Database, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(home)

    def fail(*_: object) -> None:
        raise RuntimeError(step)

    monkeypatch.setattr(f"yaguts.storage.imports.{step}", fail)
    with pytest.raises(RuntimeError):
        take(home.site, old)

    assert rows(home) == before


@pytest.mark.usefixtures("old")
def test_from_postgresql(home: Household, databases: Databases, tmp_path: Path) -> None:
    url = make_postgresql(databases.bare(POSTGRESQL, tmp_path), every_trap())

    taken = take(home.site, v01.read(url))

    assert len(taken.conversion.kitchens) == 6
    assert job_of(home, 1).stock_deducted
    assert stock(log_in(home, "Ana", SHORT)[0]) == [186.0, 143.0, None, None]


def test_the_oldest_models(home: Household, tmp_path: Path) -> None:
    """Portions, people and reports are missing there: `multiplicador` is the number of people."""
    small = spread(
        usuarios=[{"id": 1, "nome": "Dona Antiga", "senha_hash": hashed("avó")}],
        recipes=[recipe(1, "Feijão", ("Sal", 2.5))],
        jobs=[job(1, (1, "Sal", 7.5), receita_id=1, status="done", multiplicador=3)],
    )
    take(home.site, v01.read(make_sqlite(tmp_path / "oldest.db", small, OLDEST)))

    stored = job_of(home, 1)
    assert (stored.people, stored.recipe_id, stored.state) == (3, 1, JobState.DONE)
    assert log_in(home, "dona antiga", "avó")[1].status_code == 200


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (Path.exists, "no such file"),
        (lambda file: file.write_bytes(b"nonsense" * 1000), "cannot be read"),
        (lambda file: sqlite3.connect(file).execute("CREATE TABLE x (y)"), "no table usuarios"),
    ],
)
def test_what_is_no_database_of_version_0_1(
    tmp_path: Path, make: Callable[[Path], object], says: str
) -> None:
    file = tmp_path / "other.db"
    make(file)

    with pytest.raises(v01.NotV01, match=says):
        v01.read(str(file))


def test_reading_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "v01.db"
    make_sqlite(file, every_trap())
    before = file.read_bytes()

    assert v01.read(f"sqlite:///{file}").digest == v01.read(str(file)).digest

    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["v01.db"]


@pytest.mark.usefixtures("taken")
def test_no_hash_of_version_0_1_is_told_apart_by_time(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While there is one, a sign-in with any name asks bcrypt once, and argon2 once."""
    asked: list[str] = []
    passwords = "yaguts.services.people.passwords"
    monkeypatch.setattr(f"{passwords}._is_old", lambda *_: bool(asked.append("old")))
    monkeypatch.setattr(f"{passwords}._matches", lambda *_: bool(asked.append("new")))

    home.person("Caio")
    for name in ("Ana", "Caio", "Ninguém"):
        with pytest.raises(WrongCredentials):
            accounts.sign_in(home.site, name, "errada", ADDRESS)

    assert asked == ["new", "old"] * 3


@pytest.mark.usefixtures("taken")
def test_the_log_tells_the_owner(home: Household) -> None:
    browser, _ = log_in(home, "Ana", SHORT)

    told = json.dumps(browser.get("/auditoria").json(), ensure_ascii=False)

    assert "vieram da versão 0.1" in told or "imported" in told
