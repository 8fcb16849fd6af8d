"""One of everything, and a look at all that is stored."""

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from starlette.testclient import TestClient

from tests.support.kitchen.household import Household
from tests.support.kitchen.releases import beat, publish
from tests.support.push_service import Browser
from yaguts.domain.ids import KitchenId
from yaguts.services.dispensers.updates.watching import choose
from yaguts.storage.tables import metadata

NOT_COMPARED = {"sessions", "attempts"}  # who is there, and how often somebody tried

A_RUN = 2
"""The job that is a calibration run; job 1 is a recipe."""


@dataclass(frozen=True)
class Neighbours:
    """Ana has one of everything; Bia has a board and nothing else. Caio cooks at Ana's."""

    home: Household
    ana: TestClient
    board_of_ana: TestClient
    caio: TestClient
    bia: TestClient
    board_of_bia: TestClient


class Snapshot:
    """The rows of a household's SQLite database as they are now, to be laid back."""

    def __init__(self, home: Household) -> None:
        self._file = home.site.settings.database_url.removeprefix("sqlite:///")
        self._rows = sqlite3.connect(":memory:")
        with closing(sqlite3.connect(self._file)) as database:
            database.backup(self._rows)

    def lay_back(self) -> None:
        """Whatever was done since was not."""
        with closing(sqlite3.connect(self._file)) as database:
            self._rows.backup(database)

    def close(self) -> None:
        """Forget them."""
        self._rows.close()


def furnish(home: Household, owner: TestClient) -> tuple[TestClient, TestClient]:
    """Give the owner a recipe, a filled jar, a dispenser and an order for it, a second dispenser
    with a calibration run, a report of a job that nobody knows, a target for alerts and a browser
    for them, a member of the household and an invitation for another, and a release for the first
    dispenser: that one and the member.
    """
    board = home.board(owner)
    owner.post("/casa/convites")
    member = home.member(owner)
    row = {"tempero": "Sal", "quantidade": 4}
    owner.post("/receitas/", json={"nome": "Pão", "ingredientes": [row]})
    jar = {"frasco": 1, "rotulo": "Sal", "g_por_seg": 1, "estoque_g": 100}
    owner.put("/config/robo", json=[jar])
    ordered = owner.post("/jobs", json={"receita_id": 1, "pessoas_solicitadas": 2})
    assert ordered.status_code == 201, ordered.text
    home.board(owner, "board-with-a-scale")
    second = owner.get("/devices").json()["devices"][-1]["id"]
    owner.put(f"/devices/{second}/jars", json=[jar])
    run = owner.post(f"/devices/{second}/calibration", json={"frasco": 1, "segundos": 2})
    assert run.json()["id"] == A_RUN, run.text
    entry = {"frasco": 1, "tempero": "Sal", "quantidade_g": 4, "status": "done"}
    told = {"job_key": "0" * 32, "itens_completados": 1, "execution_logs": [entry]}
    assert board.post("/devices/me/jobs/9/complete", json=told).status_code == 200
    beat(board, release=0)
    publish(home, number=1)
    with home.site.database.write() as connection:
        choose(home.site, connection, KitchenId(1), 1, 1)
    target = {"endereco": "https://casa.example/yaguts"}
    assert owner.post("/avisos/destinos", json=target).status_code == 201
    browser = Browser("https://push.example/a-browser").form
    assert owner.post("/app/settings/alerts/browsers", data=browser).status_code == 200
    return board, member


def everything(home: Household) -> dict[str, list[Any]]:
    """All rows of all tables, but for those that merely say who was here."""
    with home.site.database.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))]
            for table in metadata.sorted_tables
            if table.name not in NOT_COMPARED
        }


@contextmanager
def unchanged(home: Household) -> Generator[None]:
    """Assert that what happens inside changes no row that `everything` returns."""
    before = everything(home)
    yield
    assert everything(home) == before
