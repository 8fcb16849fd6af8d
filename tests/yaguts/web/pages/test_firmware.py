"""The firmware on a dispenser's page: what runs, what is offered, when, why not."""

import re

import pytest
from starlette.testclient import TestClient

from tests.architecture.sources import ROOT
from tests.support.kitchen.household import Household
from tests.support.kitchen.pages import read
from tests.support.kitchen.releases import beat, publish, says
from yaguts.domain.firmware.offer import WhyNot
from yaguts.domain.firmware.release import UpdateState
from yaguts.services.dispensers.updates import publishing
from yaguts.services.dispensers.updates.watching import watch
from yaguts.translations.en.pages import TEXTS as EN
from yaguts.translations.pt_br.pages import TEXTS as PT


class Bench:
    """An owner and one board."""

    def __init__(self, home: Household) -> None:
        self.home = home
        self.owner = home.person()
        self.board = home.board(self.owner)
        self.path = f"/app/dispensers/{self.owner.get('/devices').json()['devices'][0]['id']}"
        beat(self.board)

    def page(self, language: str = "pt-BR") -> str:
        return read(self.owner.get(self.path, headers={"Accept-Language": language}))

    def press(self, what: str, **fields: str) -> TestClient:
        answer = self.owner.post(f"{self.path}/firmware/{what}", data=fields)
        assert answer.status_code == 200, answer.text
        return self.owner


@pytest.fixture
def bench(home: Household) -> Bench:
    return Bench(home)


def test_a_board_by_cable_and_nothing_published(bench: Bench) -> None:
    beat(bench.board, release=0)

    assert "versão 0.2.0, gravada por cabo" in bench.page()
    assert "Não há nada mais novo publicado" in bench.page()
    assert "Nothing newer is published" in bench.page("en")


def test_what_is_offered_and_how_far_it_is(bench: Bench) -> None:
    publish(bench.home)
    watch(bench.home.site)

    page = bench.page()
    assert "Em uso lançamento 1, versão 0.2.0" in page
    assert "Oferecido lançamento 2, versão 0.3.0" in page
    assert "Ainda não começou." in page
    beat(bench.board, says("waiting"))
    assert "espera um pedido terminar" in bench.page()
    beat(bench.board, says("confirmed"), release=2)
    assert "Em uso lançamento 2" in bench.page()
    assert "Funciona." in bench.page()


def test_who_is_not_among_the_first_sees_when_and_may_have_it_now(bench: Bench) -> None:
    publish(bench.home)
    bench.home.clock.passes(hours=3)

    page = bench.page()
    assert "este não está entre eles" in page
    assert "a 1 % dos dispensadores, pelo menos um; outros são escolhidos daqui a 21 h" in page
    bench.press("now")

    assert beat(bench.board) == 2
    assert "Oferecido lançamento 2" in bench.page()


def test_stay_on_this_one(bench: Bench) -> None:
    bench.press("stay", on="yes")
    publish(bench.home)
    watch(bench.home.site)

    assert beat(bench.board) is None
    assert "como você pediu" in bench.page()
    bench.press("stay", on="no")
    bench.home.clock.passes(minutes=2)
    watch(bench.home.site)
    assert beat(bench.board) == 2


def test_who_tries_first(bench: Bench) -> None:
    assert "Receber antes dos outros" in bench.page()
    bench.press("channel", channel="beta")

    assert "Receber junto com todos" in bench.page()
    bench.press("channel", channel="anything")
    assert "Receber antes dos outros" in bench.page()


def test_a_refusal_and_a_halt_say_why(bench: Bench) -> None:
    publish(bench.home)
    watch(bench.home.site)
    beat(bench.board, says("refused", "no_room"))

    assert "Recusado: há pouco espaço na placa." in bench.page()
    publishing.halt(bench.home.site, 2)
    assert "não vai a nenhum dispensador: alguém o suspendeu." in bench.page()
    assert "Atualizar agora" not in bench.page()


def test_a_board_without_a_key_says_how_it_gets_one(bench: Bench) -> None:
    beat(bench.board, keys=[])

    assert "yaguts device flash --key" in bench.page()
    assert "Ficar neste" not in bench.page()


def test_firmware_0_1_leads_to_the_guide(home: Household) -> None:
    owner = home.person()
    board = home.board(owner)
    board.post("/devices/me/heartbeat", json={"fw_version": "0.1.6"})
    path = f"/app/dispensers/{owner.get('/devices').json()['devices'][0]['id']}"

    page = read(owner.get(path))
    assert "Em uso versão 0.1.6" in page
    assert "Ficar neste" not in page
    for texts in (EN, PT):
        guide = texts["update.why.first_firmware"]
        heading, file = re.findall(r"“(.+)”.+(docs/\S+\.md)\.", guide)[0]
        assert f"## {heading}\n" in (ROOT / file).read_text("utf-8")
    assert "docs/pt/montar.md" in page


def test_a_virtual_board_needs_neither_cable_nor_key(bench: Bench) -> None:
    beat(bench.board, release=0, hardware="virtual", keys=[])

    assert "Em uso versão 0.2.0 Ele roda em um computador" in bench.page()
    assert "yaguts device flash" not in bench.page()
    assert "Ficar neste" not in bench.page()


def test_a_release_that_needs_a_newer_micropython_says_which(bench: Bench) -> None:
    publish(bench.home, micropython="1.29")

    assert "precisa do MicroPython 1.29 ou mais novo" in bench.page()


def test_update_now_with_nothing_to_take_is_refused(bench: Bench) -> None:
    answer = bench.owner.post(f"{bench.path}/firmware/now")

    assert answer.status_code == 409


def test_every_reason_and_state_has_a_text() -> None:
    assert {f"update.why.{why}" for why in WhyNot} <= set(EN)
    assert {f"update.state.{state}" for state in UpdateState} <= set(EN)
