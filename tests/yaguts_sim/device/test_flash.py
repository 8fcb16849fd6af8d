import pytest

from yaguts_sim.device.errors import NvsFull, NvsNotFound
from yaguts_sim.device.flash import Namespace, SimFlash
from yaguts_sim.device.nvs import PAGE_ENTRIES
from yaguts_sim.engine.clock import Halted
from yaguts_sim.faults.kinds import Torn

KEY = ("job_state", "job_a")


def a_flash(**values: int | bytes) -> tuple[SimFlash, Namespace]:
    flash = SimFlash()
    for name, value in values.items():
        flash.put(("job_state", name), value)
    return flash, flash.namespace("job_state")


def test_it_gives_back_what_it_was_given() -> None:
    _, cells = a_flash()
    cells.set_i32("p0", -7)
    cells.set_blob("job_a", b"sal")
    buffer = bytearray(8)
    assert cells.get_i32("p0") == -7
    assert cells.get_blob("job_a", buffer) == 3
    assert buffer[:3] == b"sal"


def test_an_unknown_key_is_refused_as_the_board_refuses_it() -> None:
    _, cells = a_flash(p0=1)
    for missing in (lambda: cells.get_i32("p1"), lambda: cells.get_blob("p0", bytearray(4))):
        with pytest.raises(NvsNotFound) as refusal:
            missing()
        assert refusal.value.args[0] == -4354


@pytest.mark.parametrize(
    ("torn", "left"),
    [
        (Torn.BEFORE, b"old!"),
        (Torn.OLD, b"old!"),
        (Torn.GONE, None),
        (Torn.HALF, b"ned!"),
        (Torn.AFTER, b"neue"),
    ],
)
def test_a_power_cut_in_a_write_leaves_one_of_these(torn: Torn, left: bytes | None) -> None:
    flash, cells = a_flash(job_a=b"old!")
    flash.watch = lambda _operation, _key: torn
    with pytest.raises(Halted):
        cells.set_blob("job_a", b"neue")
    assert flash.values.get(KEY) == left


def test_a_full_flash_refuses_new_keys() -> None:
    flash, cells = a_flash(p0=1)
    flash.full = True
    with pytest.raises(NvsFull):
        cells.set_i32("p1", 1)
    assert ("job_state", "p1") not in flash.values


def test_a_failing_flash_refuses_known_keys_too() -> None:
    flash, cells = a_flash(p0=1)
    flash.failing = True
    with pytest.raises(NvsFull):
        cells.set_i32("p0", 2)
    assert flash.values["job_state", "p0"] == 1


def test_a_flipped_bit_changes_the_value_and_nothing_else() -> None:
    flash, cells = a_flash(p0=5, job_a=b"\x00\x00")
    flash.flip(("job_state", "p0"), 31)
    flash.flip(KEY, 9)
    buffer = bytearray(2)
    cells.get_blob("job_a", buffer)
    assert cells.get_i32("p0") == 5 - 2**31
    assert buffer == b"\x00\x02"


def test_pages_are_erased_when_their_entries_are_used_up() -> None:
    flash, cells = a_flash()
    for value in range(6 * PAGE_ENTRIES):
        cells.set_i32("p0", value)
    assert flash.layout.erases == 1
    assert flash.layout.free_entries == 5 * PAGE_ENTRIES - 1


def test_wear_is_spread_over_all_pages() -> None:
    flash, cells = a_flash(job_a=bytes(4000), job_b=bytes(4000))
    for value in range(20_000):
        cells.set_i32(f"p{value % 16}", value)
    erases = [page.erases for page in flash.layout.pages]
    assert max(erases) < 2 * sum(erases) / len(erases) + 2
    assert len(flash.values) == 18


def test_a_partition_full_of_live_entries_takes_no_more() -> None:
    flash, cells = a_flash()
    for number in range(5 * PAGE_ENTRIES):
        cells.set_i32(f"k{number}", number)
    with pytest.raises(NvsFull):
        cells.set_i32("more", 1)
    assert len(flash.values) == 5 * PAGE_ENTRIES
    cells.erase_key("k0")
    cells.set_i32("again", 1)
