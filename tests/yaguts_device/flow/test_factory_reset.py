"""A factory reset: only for who means it, and whole, power cut or not."""

from binascii import crc32

import pytest

from tests.support.device.bench import Bench
from tests.support.device.flash import CUTS
from tests.support.device.journals import closed, cut_everywhere, loaded
from yaguts_device.core.journal_format import pack_flag
from yaguts_device.flow.factory_reset import (
    CHECK_EVERY_MS,
    HELD_MS,
    forget_everything,
    forget_if_copied,
    reset_if_asked,
)
from yaguts_device.journal.identity import Identity
from yaguts_device.journal.journal import Journal
from yaguts_device.update import NAMESPACE as SLOTS
from yaguts_device.update.cells import get, put
from yaguts_sim.device.board import SimBoard
from yaguts_sim.device.flash import SimFlash
from yaguts_sim.engine.clock import US_PER_MS
from yaguts_sim.faults.kinds import Torn


def use(flash: SimFlash) -> None:
    """A job that is served, the next one half poured, and a token."""
    closed(flash, 6)
    closed(flash, 7)
    Journal(flash.namespace("job_state")).note_time(1_800_000_000)
    identity = Identity(flash.namespace("config"))
    identity.keep("old", 30)
    identity.renew("new")
    identity.spend("123456")


@pytest.fixture
def bench() -> Bench:
    """With a dispenser that was used."""
    bench = Bench()
    use(bench.flash)
    return bench


def test_nothing_is_left_of_it(bench: Bench) -> None:
    assert len(bench.flash.values) > 10

    forget_everything(bench.board())

    assert bench.flash.values == {}


def test_the_highest_release_stays_so_that_no_older_one_is_taken_after_it(bench: Bench) -> None:
    cells = bench.flash.namespace(SLOTS)
    put(cells, "release", 7)

    forget_everything(bench.board())

    assert get(cells, "release") == 7


@pytest.mark.parametrize("torn", CUTS)
def test_a_power_cut_is_made_good_for_at_the_next_start(torn: Torn) -> None:
    def prepare(flash: SimFlash) -> SimBoard:
        use(flash)
        return Bench(flash=flash).board()

    left = cut_everywhere(prepare, forget_everything, torn)

    assert len(left) > 10
    for flash in left:
        Bench(flash=flash).run(reset_if_asked)
        owner = Identity(flash.namespace("config")).token
        assert (flash.values == {}) != (owner == "new")  # all of it, or it had not begun
        assert loaded(flash) is None


@pytest.mark.parametrize("held_ms", [0, CHECK_EVERY_MS, HELD_MS - CHECK_EVERY_MS])
def test_a_button_that_is_let_go_asks_for_nothing(bench: Bench, held_ms: int) -> None:
    before = dict(bench.flash.values)
    bench.machine.button_held = held_ms > 0
    bench.world.after(held_ms * US_PER_MS, setattr, bench.machine, "button_held", False)

    bench.run(reset_if_asked, 2 * HELD_MS)

    assert bench.flash.values == before


def test_a_button_that_is_held_ends_in_a_reset(bench: Bench) -> None:
    bench.machine.button_held = True

    bench.run(reset_if_asked, HELD_MS)

    assert bench.flash.values == {}
    ended, _ = bench.machine.lives
    assert ended.calls.count("forget_network") == 1


async def wake(board: SimBoard) -> None:
    forget_if_copied(board)


def woken(flash: SimFlash, uid: str) -> Bench:
    """After a boot of a board with this name on the flash."""
    bench = Bench(flash=flash)
    bench.machine.uid = uid
    bench.run(wake)
    return bench


def token(flash: SimFlash) -> str:
    return Identity(flash.namespace("config")).token


def test_a_flash_without_a_board_adopts_the_one_that_it_wakes_on(bench: Bench) -> None:
    before = dict(bench.flash.values)

    woken(bench.flash, "mine")

    assert before.items() <= bench.flash.values.items()
    assert set(bench.flash.values) - set(before) == {("config", "board")}


def test_on_the_same_board_nothing_is_written_again(bench: Bench) -> None:
    woken(bench.flash, "mine")
    writes = bench.flash.operations

    woken(bench.flash, "mine")

    assert bench.flash.operations == writes


def test_a_copied_flash_forgets_token_and_journal_and_says_so(bench: Bench) -> None:
    woken(bench.flash, "mine")

    copied = woken(bench.flash.copy(), "another")

    assert list(copied.flash.values) == [("config", "board")]
    assert "another board's" in str(copied.machine.timeline)
    assert "forget_network" not in copied.machine.lives[-1].calls


@pytest.mark.parametrize("bit", range(32))
def test_a_bit_that_flips_does_not_make_a_board_a_stranger(bench: Bench, bit: int) -> None:
    woken(bench.flash, "mine")
    bench.flash.flip(("config", "board"), bit)

    woken(bench.flash, "mine")

    assert token(bench.flash) == "new"
    assert not woken(bench.flash.copy(), "another").flash.values.keys() - {("config", "board")}


def test_a_flash_that_is_full_adopts_no_board_and_loses_nothing(bench: Bench) -> None:
    bench.flash.full = True
    woken(bench.flash, "mine")

    assert token(bench.flash) == "new"


@pytest.mark.parametrize("torn", CUTS)
def test_forgetting_a_copy_goes_on_after_a_power_cut(torn: Torn) -> None:
    def prepare(flash: SimFlash) -> SimBoard:
        use(flash)
        woken(flash, "mine")
        return Bench(flash=flash).board()

    left = cut_everywhere(prepare, forget_if_copied, torn)

    assert len(left) > 10
    for flash in left:
        woken(flash, "bench-1")
        assert list(flash.values) == [("config", "board")]


def test_the_fingerprint_of_a_board_is_the_one_of_earlier_firmware(bench: Bench) -> None:
    woken(bench.flash, "mine")

    mine = pack_flag(crc32(b"mine") & 0xFFFFFF, 3)
    assert bench.flash.values["config", "board"] == mine
