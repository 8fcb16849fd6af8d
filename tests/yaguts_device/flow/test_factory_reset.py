"""A factory reset: only for who means it, and whole, power cut or not."""

import asyncio
from typing import Any

import pytest

from tests.yaguts_device.bench import Bench, BenchBoard
from tests.yaguts_device.instant import instantly
from tests.yaguts_device.journal.test_journal import closed, cut_everywhere, loaded
from tests.yaguts_device.nvs import CUTS, Namespace, Nvs, PowerCut
from yaguts_device.flow.factory_reset import (
    CHECK_EVERY_MS,
    HELD_MS,
    forget_everything,
    reset_if_asked,
)
from yaguts_device.journal.identity import Identity
from yaguts_device.journal.journal import Journal


def furnish(nvs: Nvs) -> None:
    """A job that is served, the next one half poured, and a token."""
    closed(nvs, 6)
    closed(nvs, 7)
    Journal(Namespace(nvs, "job_state")).note_time(1_800_000_000)
    identity = Identity(Namespace(nvs, "config"))
    identity.keep("old", 30)
    identity.renew("new")
    identity.spend("123456")


def bench_with(nvs: Nvs) -> Bench:
    bench = Bench(None)
    bench.nvs = nvs
    return bench


def board_on(nvs: Nvs) -> BenchBoard:
    return BenchBoard(bench_with(nvs))


def test_nothing_is_left_of_it() -> None:
    nvs = Nvs()
    furnish(nvs)
    assert len(nvs.values) > 10

    forget_everything(board_on(nvs))

    assert nvs.values == {}


@pytest.mark.parametrize("kind", CUTS)
def test_a_power_cut_is_made_good_for_at_the_next_start(kind: Any) -> None:
    def prepare(nvs: Nvs) -> BenchBoard:
        furnish(nvs)
        return board_on(nvs)

    left = cut_everywhere(prepare, forget_everything, kind)

    assert len(left) > 10
    for nvs in left:
        instantly(reset_if_asked(board_on(nvs)))
        owner = Identity(Namespace(nvs, "config")).token
        assert (nvs.values == {}) != (owner == "new")  # all of it, or it had not begun
        assert loaded(nvs) is None


@pytest.mark.parametrize("held_ms", [0, CHECK_EVERY_MS, HELD_MS - CHECK_EVERY_MS])
def test_a_button_that_is_let_go_asks_for_nothing(held_ms: int) -> None:
    bench = bench_with(Nvs())
    furnish(bench.nvs)
    before = dict(bench.nvs.values)

    async def story() -> None:
        bench.button_held = held_ms > 0
        asyncio.get_running_loop().call_later(held_ms / 1000, setattr, bench, "button_held", False)
        await reset_if_asked(BenchBoard(bench))

    instantly(story())
    assert bench.nvs.values == before


def test_a_button_that_is_held_ends_in_a_reset() -> None:
    bench = bench_with(Nvs())
    furnish(bench.nvs)
    bench.button_held = True

    with pytest.raises(PowerCut):
        instantly(reset_if_asked(BenchBoard(bench)))

    assert bench.nvs.values == {}
    assert bench.networks_forgotten == 1
