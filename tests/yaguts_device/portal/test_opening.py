"""When the portal opens, for how long, and what it leads to: in virtual time."""

from typing import Any

import pytest

from tests.support.device.bench import CODE, UID, Bench
from yaguts_device.core import set_up
from yaguts_device.flow.factory_reset import HELD_MS
from yaguts_device.flow.portal_wish import want_portal
from yaguts_device.hal import led
from yaguts_device.journal.cells import read_cell, write_cell
from yaguts_device.journal.identity import Identity
from yaguts_device.portal.opening import PORTAL_MS
from yaguts_device.starting import start
from yaguts_sim.device.access_point import Visitor
from yaguts_sim.device.board import NOTHING_TOLD, WIFI, WIFI_PASSWORD, SimBoard

SERVER = "http://cozinha:8000"
GOOD = f"ssid={WIFI}&pass={WIFI_PASSWORD.replace(' ', '+')}&claim={CODE}&api={SERVER}"


async def boot(board: SimBoard) -> None:
    """As `main.py` does it."""
    board.dark()
    await start(board, "")


def hold_button(bench: Bench) -> None:
    """A boot in which somebody asks for the portal, and the restart into it."""

    async def ask(board: SimBoard) -> None:
        bench.machine.firmware = boot
        want_portal(board)

    bench.run(ask)


def new() -> Bench:
    """A board out of the box."""
    bench = Bench()
    bench.machine.told = NOTHING_TOLD
    bench.machine.firmware = boot
    return bench


def known() -> Bench:
    """A board that is in service."""
    bench = Bench()
    bench.serve(20_000)
    bench.machine.firmware = boot
    return bench


def openings(bench: Bench) -> int:
    return str(bench.machine.timeline).count("opens Yaguts-" + UID[-4:])


def send(bench: Bench, fields: str, within_s: float = 20) -> str:
    """Post a form, and what is answered."""
    length = f"Content-Length: {len(fields)}"
    return come(bench, f"POST /save HTTP/1.1\r\n{length}\r\n\r\n{fields}", within_s)


def come(bench: Bench, request: str, within_s: float = 20) -> str:
    visitor = Visitor(request.encode())
    bench.machine.visitors.append(visitor)
    bench.wait(within_s)
    return visitor.heard.decode()


def state(bench: Bench) -> str:
    return come(bench, "GET /state HTTP/1.1\r\n\r\n", 1).rpartition("\r\n")[2]


def test_a_new_board_opens_it_until_it_is_set_up() -> None:
    bench = new()
    bench.machine.power_on()
    bench.wait(5)
    assert openings(bench) == 1

    bench.wait(3 * PORTAL_MS / 1000 + 20)
    assert openings(bench) == 4
    assert "200 Yaguts" in send(bench, GOOD, 5)
    bench.wait(15)
    assert f'"state": {set_up.DONE}' in state(bench)
    bench.wait(30)

    assert Identity(bench.flash.namespace("config")).token
    assert bench.machine.told[:2] == (WIFI, SERVER)
    assert len(bench.machine.lives) == 2  # it restarted into its work
    assert openings(bench) == 5
    bench.unplug()


def test_a_success_that_nobody_comes_back_to_see_ends_it_too() -> None:
    bench = new()
    bench.machine.power_on()
    bench.wait(5)
    send(bench, GOOD, 100)

    assert len(bench.machine.lives) == 2
    bench.unplug()


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (GOOD.replace("cravo", "louro"), set_up.WRONG_PASSWORD),
        (GOOD.replace(WIFI, "Ausente"), set_up.NO_NETWORK),
        (GOOD.replace(CODE, "000000"), set_up.REFUSED),
        (GOOD.replace(CODE, ""), set_up.UNPAIRED),
    ],
)
def test_what_went_wrong_is_told_to_who_comes_back(fields: str, told: int) -> None:
    bench = refusing(new())
    bench.machine.power_on()
    bench.wait(5)
    send(bench, fields, 30)

    assert f'"state": {told}' in state(bench)
    page = come(bench, "GET / HTTP/1.1\r\nHost: 192.168.4.1\r\n\r\n", 1)
    assert "cravo" not in page
    assert 'name="ssid"' in page
    assert not Identity(bench.flash.namespace("config")).token
    bench.unplug()


def refusing(bench: Bench) -> Bench:
    """A server that knows one code."""

    def pair(body: dict[str, Any]) -> tuple[int, Any]:
        if body["claim_code"] != CODE:
            return 400, {"detail": "código errado"}
        raise AssertionError(body)

    bench.counter.answers["/claim"] = pair
    return bench


def test_a_server_that_does_not_answer_is_told_and_the_network_remembered() -> None:
    bench = new()
    bench.counter.reachable = False
    bench.machine.power_on()
    bench.wait(5)
    send(bench, GOOD, 60)

    assert f'"state": {set_up.NO_SERVER}' in state(bench)
    assert bench.machine.told == (WIFI, "", True, True)
    bench.unplug()


def test_it_is_asked_for_once_and_lasts_ten_minutes() -> None:
    bench = known()
    hold_button(bench)
    bench.wait(5)
    assert openings(bench) == 1
    begun = len(bench.counter.requests)

    bench.wait(PORTAL_MS / 1000 - 10)
    assert len(bench.counter.requests) == begun
    bench.wait(40)
    assert len(bench.counter.requests) > begun  # back to work
    bench.unplug()

    bench.machine.power_on()
    bench.wait(20)
    assert openings(bench) == 1
    bench.unplug()


def test_a_button_that_is_held_on_erases_nothing() -> None:
    bench = known()
    token = Identity(bench.flash.namespace("config")).token
    bench.machine.button_held = True
    hold_button(bench)
    bench.wait(PORTAL_MS / 1000 + 5 * HELD_MS / 1000)
    bench.machine.button_held = False
    bench.wait(5)

    assert token
    assert Identity(bench.flash.namespace("config")).token == token
    bench.unplug()


def test_a_board_without_a_label_opens_none() -> None:
    bench = known()
    bench.machine.told = bench.machine.told._replace(has_portal=False)
    hold_button(bench)
    bench.unplug()
    bench.machine.power_on()
    bench.wait(20)

    assert openings(bench) == 0
    bench.unplug()


def test_another_server_is_told_no_token_of_the_one_before() -> None:
    bench = known()
    hold_button(bench)
    bench.wait(5)
    before = bench.machine.told
    bench.machine.told = before._replace(server="https://outro.example")
    begun = len(bench.counter.requests)
    send(bench, GOOD.replace(CODE, ""), 30)

    assert f'"state": {set_up.UNPAIRED}' in state(bench)
    asked = {path for _, path, _ in bench.counter.requests[begun:]}
    assert asked == {"/time"}
    assert "Authorization" not in bench.counter.head
    bench.unplug()


def test_the_led_shows_the_set_up_and_then_that_the_server_is_asked() -> None:
    bench = new()
    bench.machine.power_on()
    bench.wait(5)
    assert [state for _, state in bench.machine.shown] == [led.SET_UP]

    send(bench, GOOD.replace(CODE, ""), 60)
    assert [state for _, state in bench.machine.shown] == [led.SET_UP, led.CONNECTING, led.SET_UP]
    bench.unplug()


def test_no_restart_into_the_portal_and_out_of_it_counts_against_a_release_on_trial() -> None:
    bench = known()
    cells = bench.flash.namespace("slot")
    write_cell(cells, "tries", 2)
    hold_button(bench)
    assert read_cell(cells, "tries") is None

    bench.wait(5)
    write_cell(cells, "tries", 1)  # as the loader does
    send(bench, GOOD.replace(CODE, ""), 100)
    assert len(bench.machine.lives) > 2  # it restarted into its work
    assert read_cell(cells, "tries") is None
    bench.unplug()


@pytest.mark.parametrize("part", ["light", "button"])
def test_a_part_of_the_panel_that_is_broken_for_good_keeps_nobody_from_the_portal(
    part: str,
) -> None:
    bench = known()
    bench.machine.broken = part
    hold_button(bench)
    bench.wait(5)
    assert openings(bench) == 1
    begun, lives = len(bench.counter.requests), len(bench.machine.lives)

    bench.wait(PORTAL_MS / 1000 + 30)
    assert len(bench.machine.lives) == lives
    assert len(bench.counter.requests) > begun  # back to work
    bench.unplug()


@pytest.mark.parametrize(
    "call", ["scan", "join", "open_access_point", "close_access_point", "listen"]
)
def test_a_radio_that_fails_is_tried_again(call: str) -> None:
    bench = new()
    bench.machine.failing = call
    bench.machine.power_on()
    bench.wait(5)
    send(bench, GOOD, 60)
    bench.machine.failing = ""
    bench.wait(PORTAL_MS / 1000)
    send(bench, GOOD, 100)

    assert Identity(bench.flash.namespace("config")).token
    bench.unplug()
