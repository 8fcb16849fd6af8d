"""The audit log, as the owner reads it over the API and on a page."""

from starlette.testclient import TestClient

from tests.support.kitchen.household import Household
from tests.support.kitchen.pages import read
from yaguts.services.audit_log import PAGE


def events(owner: TestClient, query: str = "") -> list[str]:
    return [line["evento"] for line in owner.get(f"/auditoria{query}").json()]


def test_every_change_over_the_api_is_told_with_who_and_from_where(home: Household) -> None:
    ana = home.newcomer("Ana")
    home.board(ana)
    bia = home.member(ana, "Bia")
    ana.put("/config/robo", json=[{"frasco": 1, "rotulo": "Sal", "estoque_g": 10}])
    ana.put("/config/robo", json=[{"frasco": 1, "rotulo": "Sal", "estoque_g": 10}])
    ana.put("/config/motor", json={"vibration_intensity": 1})
    ana.put("/devices/1/name", json={"nome": "Fogão"})
    ana.delete("/devices/1")
    ana.delete("/casa/membros/1")

    told = ana.get("/auditoria").json()

    assert told[0] == {
        "id": told[0]["id"],
        "created_at": "2026-01-31T18:00:00Z",
        "evento": "member_removed",
        "descricao": "Removeu Bia da casa.",
        "pessoa": "Ana",
        "endereco": "192.0.2.1",
    }
    assert [line["evento"] for line in told[1:]] == [
        "unlinked", "configured", "configured", "corrected", "configured", "joined", "invited",
        "claimed", "signed_in", "registered",
    ]  # fmt: skip
    claimed = next(line for line in told if line["evento"] == "claimed")
    assert (claimed["pessoa"], claimed["endereco"]) == (None, "192.0.2.7")
    assert events(bia) == ["signed_in"]


def test_older_entries_are_a_page_away(home: Household) -> None:
    ana = home.newcomer("Ana")
    for _ in range(PAGE):
        ana.put("/devices/1/default")

    first = ana.get("/auditoria").json()
    assert len(first) == PAGE
    assert events(ana, f"?antes={first[-1]['id']}") == ["signed_in", "registered"]


def test_the_page_reads_like_it(home: Household) -> None:
    ana = home.newcomer("Ana")
    page = read(ana.get("/app/trail"))
    assert "Criou a conta. Ana 192.0.2.1" in page
    english = ana.get("/app/trail", headers={"Accept-Language": "en"})
    assert "Made the account. Ana 192.0.2.1" in read(english)
    assert home.member(ana).get("/app/trail").status_code == 403
