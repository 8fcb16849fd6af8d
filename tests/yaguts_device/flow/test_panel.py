"""What people see of a dispenser: the LED's states, and the happenings that heartbeats tell."""

from typing import Any

import pytest

from tests.support.device.bench import Bench
from tests.support.device.counter import Counter
from tests.support.device.offers import an_offer
from yaguts_device.core import dose_machine
from yaguts_device.core.tick import TICK_AT
from yaguts_device.hal import led
from yaguts_device.journal import happenings
from yaguts_wire import happenings as h
from yaguts_wire.server_messages import read_happenings

KEY = f"{7:032x}"


def told(server: Counter) -> list[list[int]]:
    """Code and numbers of each happening that heartbeats told, as the server reads it."""
    beats = [body for _, body in server.heard("/heartbeat")]
    return [one[2:5] for body in beats for one in read_happenings(body["status"])]


def states(bench: Bench) -> list[int]:
    return [state for _, state in bench.machine.shown]


def test_the_led_shows_a_job_from_connecting_to_idle() -> None:
    bench = Bench(Counter(an_offer(Sal=1.0)))
    bench.serve(60_000)

    assert states(bench) == [led.CONNECTING, led.IDLE, led.POURING, led.IDLE]


def test_it_shows_that_a_code_is_needed_that_the_server_is_gone_and_that_it_refuses() -> None:
    server = Counter()
    server.answers["/claim"] = lambda _body: (400, {})
    bench = Bench(server)
    bench.serve(60_000)
    assert states(bench)[-1] == led.SET_UP

    server.answers.clear()
    bench.boot("654321")
    bench.wait(60)
    assert states(bench)[-1] == led.IDLE
    server.reachable = False
    bench.wait(120)
    assert states(bench)[-1] == led.CONNECTING
    server.reachable = True
    bench.wait(120)
    assert [h.LOST, h.NO_ANSWER, 0] in told(server)
    server.answers["/heartbeat"] = server.answers["/next_job"] = lambda _body: (401, {})
    bench.wait(120)
    bench.unplug()

    assert states(bench)[-1] == led.TROUBLE


def test_a_jar_that_failed_is_trouble_until_the_next_job() -> None:
    server = Counter(an_offer(Sal=1.0))
    bench = Bench(server)
    bench.machine.sensed[1] = dose_machine.NO_DRIVER
    bench.boot()
    bench.wait(60)
    assert states(bench)[-1] == led.TROUBLE
    bench.machine.sensed.clear()
    server.offers.append(an_offer(8, Sal=1.0))
    bench.wait(60)
    bench.unplug()

    assert states(bench)[-1] == led.IDLE


def test_heartbeats_tell_each_happening_once_and_a_repeat_has_the_same_number() -> None:
    server = Counter(an_offer(Sal=1.0))
    bench = Bench(server)
    bench.boot()
    bench.wait(60)
    server.answers["/heartbeat"] = lambda _body: None  # it arrives, and the answer is lost
    bench.machine.reset("watchdog")
    bench.wait(60)
    server.answers.clear()
    bench.wait(120)
    bench.unplug()

    beats = [body for _, body in server.heard("/heartbeat")]
    numbers = [(one[0], one[1]) for body in beats for one in read_happenings(body["status"])]
    assert len(numbers) > len(set(numbers))
    assert sorted({number for _, number in numbers}) == list(range(len(set(numbers))))
    assert len({life for life, _ in numbers}) == 1
    codes = [code for code, *_ in told(server)]
    assert codes[:3] == [h.STARTED, h.HEARD, h.FINISHED]


def test_a_power_cut_begins_a_new_life_and_a_bit_that_fades_does_no_harm() -> None:
    server = Counter()
    bench = Bench(server)
    for _ in range(2):
        bench.serve(60_000)

    beats = [body for _, body in server.heard("/heartbeat")]
    lives = [one[0] for body in beats for one in read_happenings(body["status"])]
    assert len(set(lives)) == 2
    assert [code for code, *_ in told(server)] == [h.STARTED, h.HEARD] * 2


def test_it_is_told_how_a_job_ended() -> None:
    server = Counter(an_offer(Sal=30.0))
    bench = Bench(server)
    bench.boot()
    while not bench.machine.scales.open_jars:
        bench.wait(0.01)
    bench.machine.press(200)
    bench.wait(10)
    server.answers["/complete"] = lambda _body: (409, {})
    server.offers.append(an_offer(8, Sal=1.0))
    bench.wait(90)
    bench.unplug()

    assert [h.STOPPED, 7, 1] in told(server)
    assert [h.FINISHED, 8, 0] in told(server)
    assert [h.REPORT_REFUSED, 8, 409] in told(server)


def test_the_memory_holds_the_last_ones_and_a_heartbeat_tells_few_at_once() -> None:
    board: Any = Bench().board()
    for number in range(30):
        happenings.note(board, h.FINISHED, number, -number)

    assert len(board.remembered()) == TICK_AT <= 512
    seen: list[int] = []
    while untold := happenings.untold(board):
        entries: list[Any] = untold[1:]
        assert len(entries) <= happenings.TOLD_AT_ONCE
        assert all(entry[2:4] == [entry[0], -entry[0]] for entry in entries)
        seen += [entry[0] for entry in entries]
        happenings.forget_told(board, untold)
    assert seen == list(range(30 - happenings.MOST, 30))


@pytest.mark.parametrize("bit", range(0, 8 * TICK_AT, 61))
def test_a_flipped_bit_is_noticed(bit: int) -> None:
    bench = Bench()
    board: Any = bench.board()
    for number in range(18):
        happenings.note(board, h.FINISHED, number, 0)
    damaged = bytearray(bench.machine.memory)
    damaged[bit // 8] ^= 1 << bit % 8
    bench.machine.memory = bytes(damaged)

    assert happenings.untold(board) == []


def test_a_tick_and_the_happenings_leave_each_other_alone() -> None:
    server = Counter(an_offer(Sal=6.0))
    bench = Bench(server)
    bench.boot()
    bench.wait(2.345)
    bench.machine.reset("watchdog")
    bench.wait(60)
    bench.unplug()

    (entry,) = server.reports[KEY]["execution_logs"]
    assert entry["quantidade_min_g"] > 5.5
    assert [code for code, *_ in told(server)][:2] == [h.STARTED, h.HEARD]


@pytest.mark.parametrize("part", ["light", "button", "remembered", "remember"])
def test_a_part_of_the_panel_that_is_broken_for_good_stops_nothing(part: str) -> None:
    server = Counter(an_offer(Sal=4.0))
    bench = Bench(server)
    bench.machine.broken = part
    bench.boot()
    bench.wait(60)
    bench.machine.reset("watchdog")
    server.offers.append(an_offer(8, Pimenta=1.0))
    bench.wait(120)
    bench.unplug()

    assert sorted(server.reports) == [KEY, f"{8:032x}"]
    assert bench.on_ms(1) == 5_000
    assert bench.machine.restarts == 0
