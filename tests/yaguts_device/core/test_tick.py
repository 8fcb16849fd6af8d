"""Memory without power holds anything: what is not whole is not believed."""

import pytest

from yaguts_device.core.tick import NOWHERE, Tick, pack_tick, unpack_tick

A_TICK = Tick(-123456, 1, 1375, [(0, 0), (2, 1025), (0, 0)])


@pytest.mark.parametrize("tick", [A_TICK, Tick(1 << 30, NOWHERE, 0, [])])
def test_a_tick_comes_back_as_it_was(tick: Tick) -> None:
    assert unpack_tick(pack_tick(tick)) == tick


def test_a_single_flipped_bit_anywhere_undoes_it() -> None:
    for bit in range(8 * len(pack_tick(A_TICK))):
        data = pack_tick(A_TICK)
        data[bit // 8] ^= 1 << bit % 8
        assert unpack_tick(data) is None


@pytest.mark.parametrize("length", [0, 1, 11, 16, 30])
def test_half_of_it_is_nothing(length: int) -> None:
    assert unpack_tick(pack_tick(A_TICK)[:length]) is None


def test_sixteen_doses_fit_the_memory_of_the_board() -> None:
    assert len(pack_tick(Tick(1, 15, 180_000, [(3, 180_000)] * 16))) <= 2048


def test_a_tick_is_these_bytes() -> None:
    """It may be read by the firmware that an update brought in between."""
    tick = Tick(-123456, 1, 1375, [(0, 0), (2, 1025)])
    data = pack_tick(tick)

    assert data.hex() == "59540102c01dfeff5f05000000000000000201040000544152de"
    assert unpack_tick(data) == tick
