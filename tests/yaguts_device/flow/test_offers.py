"""In which order an offer becomes a job that pours: what is in flash before what is done."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.device.bench import Bench
from tests.support.device.counter import Counter
from tests.support.device.offers import an_offer
from yaguts_device.journal.journal import Journal
from yaguts_device.journal.slots import Slots
from yaguts_device.net.job_calls import JobCalls
from yaguts_device.net.link import Link
from yaguts_sim.device.board import SimBoard

KEY = f"{7:032x}"
IN_ORDER = "p0 job_b asked job_a heard answered r1 accepted p0 relay"
"""The cells `acceptance` and `t` are left out. `heard`: the question has come to the server."""


class Story:
    """What a dispenser does of one offer, in order: keys that are written, and what is told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.told: list[str] = []
        server = Counter(an_offer(Sal=1.0))
        server.answers["/accept"] = self._hear
        self.bench = Bench(server)
        accept, opened = JobCalls.accept, SimBoard.open

        async def asked(calls: Any, *what: Any) -> None:
            self.told.append("asked")
            await accept(calls, *what)
            self.told.append("answered")

        def relay(board: Any, jar: int, for_ms: int) -> None:
            self.told.append("relay")
            opened(board, jar, for_ms)

        def written(_operation: str, key: tuple[str, str]) -> None:
            if key[0] == "job_state" and key[1] not in ("acceptance", "t"):
                self.told.append(key[1])

        monkeypatch.setattr(JobCalls, "accept", asked)
        monkeypatch.setattr(SimBoard, "open", relay)
        self.bench.flash.watch = written

    def to_the_relay(self) -> str:
        self.bench.serve(400)
        return " ".join(self.told).partition(" relay ")[0] + " relay"

    def _hear(self, _body: Any) -> tuple[int, Any]:
        self.told.append("heard")
        return 200, {"ok": True, "job_key": KEY}


def test_the_server_is_asked_after_the_first_copy_and_the_relay_waits_for_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert Story(monkeypatch).to_the_relay() == IN_ORDER


def _nothing(*_what: Any) -> None:
    pass


def _both_copies_first(self: Any, number: int, payload: Any) -> None:
    WRITE_FIRST(self, number, payload)
    self.mend(number)


async def _rest_after_the_answer(self: Any, *what: Any) -> Any:
    sent, self.sent = self.sent, None
    answer = await EXCHANGE(self, *what)
    if sent:
        sent()
    return answer


def _in_memory_only(_self: Any, journaled: Any) -> None:
    journaled.accepted = True


WRITE_FIRST = Slots.write_first
EXCHANGE = Link._exchange  # noqa: SLF001
PLANTED: dict[str, tuple[type, str, Callable[..., Any]]] = {
    "asked before a copy is in flash": (Slots, "write_first", _nothing),
    "both copies before the question": (Slots, "write_first", _both_copies_first),
    "the rest only after the answer": (Link, "_exchange", _rest_after_the_answer),
    "poured with one copy": (Journal, "copy", _nothing),
    "poured without the key": (Journal, "remember", _nothing),
    "poured without the mark": (Journal, "accept", _in_memory_only),
    "poured without a permission": (Journal, "write", _nothing),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_any_other_order_is_seen(planted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*PLANTED[planted])
    assert Story(monkeypatch).to_the_relay() != IN_ORDER


def test_a_job_of_which_the_flash_takes_no_second_copy_is_refused() -> None:
    server = Counter()
    bench = Bench(server)
    bench.serve(1_000)
    bench.flash.watch = lambda _operation, key: _fill(bench, key)
    server.offers.append(an_offer(Sal=1.0))
    bench.serve(60_000)

    [entry] = server.reports[KEY]["execution_logs"]
    assert entry["error"] == "não cabe neste dispensador"
    assert len(server.heard("/accept")) == 1
    assert not bench.pulses


def _fill(bench: Bench, key: tuple[str, str]) -> None:
    bench.flash.failing = bench.flash.failing or key[1] == "job_a"


def test_a_bit_that_flips_in_the_only_copy_costs_nothing() -> None:
    bench = Bench(Counter(an_offer(Sal=1.0)))

    def flip(_operation: str, key: tuple[str, str]) -> None:
        if key[1] == "t":  # it is written between the two copies
            first = bytearray(bench.flash.values["job_state", "job_b"])
            first[20] ^= 1
            bench.flash.values["job_state", "job_b"] = bytes(first)

    bench.flash.watch = flip
    bench.serve(400)

    assert bench.flash.values["job_state", "job_a"] == bench.flash.values["job_state", "job_b"]
    assert bench.pulses


def test_a_job_whose_server_is_not_reached_has_both_copies_nevertheless() -> None:
    server = Counter(an_offer(Sal=1.0))
    server.answers["/accept"] = lambda _body: None
    bench = Bench(server)
    bench.serve(400)

    assert bench.flash.values["job_state", "job_a"] == bench.flash.values["job_state", "job_b"]
    assert not bench.pulses


def test_nothing_moves_after_a_press_while_the_server_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = Counter(an_offer(Sal=1.0))
    server.slowness_s = 0.2
    bench = Bench(server)
    accept = JobCalls.accept

    async def press_and_ask(calls: Any, *what: Any) -> None:
        bench.machine.press(100)
        await accept(calls, *what)

    monkeypatch.setattr(JobCalls, "accept", press_and_ask)
    bench.serve(60_000)

    assert server.reports[KEY]["execution_logs"][0]["error"] == "parado no dispensador"
    assert not bench.pulses
