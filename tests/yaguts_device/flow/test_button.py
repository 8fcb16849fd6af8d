"""The button in a dispenser's life: a press stops the running job, a hold calls for the set-up."""

from typing import Any

import pytest

from tests.support.device.bench import CODE, Bench
from tests.support.device.counter import Counter
from tests.support.device.flash import cut_in_write
from tests.support.device.offers import an_offer
from yaguts_device.app import supervise
from yaguts_device.core.interval import STOPPED_DOUBT_MS
from yaguts_device.flow.button import CHECK_EVERY_MS, DEBOUNCE_MS, HOLD_MS
from yaguts_device.hal import led
from yaguts_device.journal.ticks import EVERY_MS
from yaguts_sim.device.board import SimBoard
from yaguts_sim.faults.kinds import Torn

KEY = f"{7:032x}"
STOPPED = "parado no dispensador"


def errors(server: Counter, key: str = KEY) -> list[str | None]:
    return [entry.get("error") for entry in server.reports[key]["execution_logs"]]


def until_open(bench: Bench) -> None:
    while not bench.machine.scales.open_jars:
        bench.wait(0.01)


@pytest.mark.parametrize("left_ms", [25_000, 100])
def test_a_press_stops_the_jar_within_a_slice_and_the_rest_and_is_told(left_ms: int) -> None:
    server = Counter(an_offer(Sal=30.0, Pimenta=1.0))
    bench = Bench(server)
    bench.boot()
    until_open(bench)
    bench.wait((30_000 - left_ms) / 1000)
    before = bench.machine.scales.open_us(None, 1, now=bench.world.now) / 1000
    bench.machine.press(120)
    bench.wait(60)
    bench.unplug()

    fell = bench.on_ms(1)
    assert before <= fell <= min(30_000, before + DEBOUNCE_MS + EVERY_MS)
    assert bench.on_ms(2) == 0
    first = server.reports[KEY]["execution_logs"][0]
    assert errors(server)[1] == STOPPED
    if left_ms > EVERY_MS + DEBOUNCE_MS:
        assert errors(server) == [STOPPED, STOPPED]
        assert first["quantidade_g"] == fell / 1000
        assert first["quantidade_min_g"] == (fell - STOPPED_DOUBT_MS) / 1000


def test_a_bounce_is_no_press() -> None:
    server = Counter(an_offer(Sal=3.0))
    bench = Bench(server)
    bench.boot()
    until_open(bench)
    bench.machine.press(DEBOUNCE_MS - 10)
    bench.wait(60)
    bench.unplug()

    assert errors(server) == [None]


def test_a_press_that_is_over_while_the_board_stands_still_is_heard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As `extend` does on an ESP32: it waits for the slice before, and nobody looks meanwhile."""
    extend = SimBoard.extend

    def slowly(self: Any, jar: int, by_ms: int) -> None:
        extend(self, jar, by_ms)
        self._machine.ticks_offset += 180

    monkeypatch.setattr(SimBoard, "extend", slowly)
    server = Counter(an_offer(Sal=6.0))
    bench = Bench(server)
    bench.boot()
    extended = len(bench.machine.lives[0].calls) if bench.machine.lives else 0
    while "extend" not in [call for life in bench.machine.lives for call in life.calls]:
        bench.wait(0.001)
    assert extended == 0
    bench.machine.press(1)
    bench.wait(60)
    bench.unplug()

    assert errors(server) == [STOPPED]


def test_a_press_before_the_job_is_none_of_its_business() -> None:
    server = Counter()
    bench = Bench(server)
    bench.boot()
    bench.wait(2)
    bench.machine.press(200)
    bench.wait(1)
    server.offers.append(an_offer(Sal=1.0))
    bench.wait(60)
    bench.unplug()

    assert errors(server) == [None]


def test_a_press_while_the_motor_starts_opens_nothing() -> None:
    motor = {"intensity": 60, "pre_start_ms": 4000, "post_stop_ms": 0, "max_runtime_s": 300}
    server = Counter(an_offer(Sal=0.5, motor=motor))
    bench = Bench(server)
    bench.boot()
    while not bench.shaken or not bench.shaken[-1][1]:
        bench.wait(0.01)
    bench.machine.press(200)
    bench.wait(60)
    bench.unplug()

    assert errors(server) == [STOPPED]
    assert bench.pulses == []
    assert bench.shaken[-1][1] == 0


def test_a_press_while_a_person_is_asked_whether_to_go_on_means_no() -> None:
    server = Counter(an_offer(Sal=6.0, asks=True))
    bench = Bench(server)
    bench.serve(2_000)
    fell = bench.on_ms(1)
    bench.boot()
    bench.wait(10)
    bench.machine.press(200)
    bench.wait(60)
    bench.unplug()

    assert errors(server) == [STOPPED]
    assert bench.on_ms(1) == fell


def test_a_power_cut_after_the_first_dose_is_stopped_does_not_bring_back_the_rest() -> None:
    server = Counter(an_offer(Sal=6.0, Pimenta=1.0))
    bench = Bench(server)
    bench.boot()
    until_open(bench)
    bench.wait(0.3)  # the first slice is written, the second one not yet
    cut_in_write(bench.flash, 1, Torn.AFTER, bench.unplug)
    bench.machine.press(200)
    bench.wait(1)
    assert not bench.machine.powered
    bench.serve(60_000)

    assert errors(server) == [STOPPED, STOPPED]
    assert bench.on_ms(2) == 0


def set_up_by(bench: Bench, calls: list[float]) -> None:
    """Boot with a set-up that takes three seconds."""

    async def program(board: SimBoard) -> None:
        async def set_up() -> None:
            calls.append(bench.now_s)
            await board.sleep_ms(3_000)

        await supervise(board, board.server, CODE, set_up)

    bench.run(program)


def test_a_hold_calls_for_the_set_up_once_and_then_jobs_are_taken_again() -> None:
    server, calls = Counter(), list[float]()
    bench = Bench(server)
    set_up_by(bench, calls)
    bench.wait(5)
    bench.machine.press(HOLD_MS + 20_000)
    bench.wait(60)
    server.offers.append(an_offer(Sal=1.0))
    bench.wait(60)
    bench.unplug()

    assert len(calls) == 1
    assert led.SET_UP in [state for _, state in bench.machine.shown]
    assert errors(server) == [None]


def test_a_set_up_that_fails_is_called_for_once() -> None:
    calls: list[float] = []
    bench = Bench(Counter())

    async def program(board: SimBoard) -> None:
        async def set_up() -> None:
            calls.append(bench.now_s)
            raise OSError("the flash is full")

        await supervise(board, board.server, CODE, set_up)

    bench.run(program)
    bench.wait(5)
    bench.machine.press(HOLD_MS + 500)
    bench.wait(120)
    bench.unplug()

    assert len(calls) == 1


@pytest.mark.parametrize(
    ("call", "status"), [("/claim", 400), ("/next_job", 401)], ids=["not paired", "unlinked"]
)
def test_a_hold_ends_the_pause_of_a_board_that_the_server_does_not_know(
    call: str, status: int
) -> None:
    server, calls = Counter(), list[float]()
    server.answers[call] = lambda _body: (status, {})
    bench = Bench(server)
    set_up_by(bench, calls)
    bench.wait(10)
    bench.machine.press(HOLD_MS + 500)
    bench.wait(HOLD_MS / 1000 + 2)
    bench.unplug()

    assert len(calls) == 1


@pytest.mark.parametrize("held_ms", [HOLD_MS - 2 * CHECK_EVERY_MS, 200])
def test_a_press_that_is_no_hold_calls_for_nothing(held_ms: int) -> None:
    calls: list[float] = []
    bench = Bench(Counter())
    set_up_by(bench, calls)
    bench.wait(5)
    bench.machine.press(held_ms)
    bench.wait(60)
    bench.unplug()

    assert calls == []


def test_a_hold_in_mid_job_stops_it_and_calls_for_nothing() -> None:
    server, calls = Counter(an_offer(Sal=30.0)), list[float]()
    bench = Bench(server)
    set_up_by(bench, calls)
    until_open(bench)
    bench.machine.press(HOLD_MS + 1_000)
    bench.wait(60)
    bench.unplug()

    assert errors(server) == [STOPPED]
    assert calls == []
