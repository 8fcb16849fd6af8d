"""The journal on a flash that fails: what is read after a power cut is what may be relied on."""

from contextlib import suppress

import pytest

from tests.support.device.flash import CUTS, cut_in_write, leave_free
from tests.support.device.journals import a_plan, begun, closed, cut_everywhere, loaded
from yaguts_device.core import dose_machine
from yaguts_device.core.held_job import packed_bytes
from yaguts_device.journal.identity import Identity
from yaguts_device.journal.journal import Journal, JournaledJob, all_keys
from yaguts_device.journal.slots import Slots
from yaguts_sim.device.flash import SimFlash
from yaguts_sim.engine.clock import Halted
from yaguts_sim.faults.kinds import Torn
from yaguts_wire.limits import MAX_RECORD_BYTES


@pytest.mark.parametrize("kind", [Torn.BEFORE, Torn.HALF])
def test_a_new_job_is_held_whole_or_not_at_all(kind: Torn) -> None:
    for flash in cut_everywhere(lambda flash: (closed(flash), flash)[1], begun, kind):
        record = loaded(flash)
        assert record is None or [dose.state for dose in record.doses] == [dose_machine.WAITING] * 2


@pytest.mark.parametrize("slot", ["job_a", "job_b"])
def test_a_bit_that_flips_in_one_copy_of_a_job_loses_nothing(slot: str) -> None:
    flash = SimFlash()
    _, record = begun(flash)
    flash.flip(("job_state", slot), 8 * 40 + 2)

    held = loaded(flash)

    assert held is not None
    assert held.job == record.job


@pytest.mark.parametrize("slot", ["job_a", "job_b"])
def test_a_boot_mends_the_copy_that_is_missing(slot: str) -> None:
    flash = SimFlash()
    _, record = begun(flash)
    whole = dict(flash.values)
    flash.remove(("job_state", slot))

    held = loaded(flash)

    assert held is not None
    assert held.job == record.job
    assert flash.values == whole


def test_a_copy_that_cannot_be_mended_loses_nothing() -> None:
    flash = SimFlash()
    _, record = begun(flash)
    flash.remove(("job_state", "job_b"))
    flash.failing = True

    held = loaded(flash)

    assert held is not None
    assert held.job == record.job


def test_nothing_is_written_at_a_boot_when_both_copies_are_whole() -> None:
    flash = SimFlash()
    begun(flash)
    writes = flash.operations

    loaded(flash)

    assert flash.operations == writes


def test_a_new_job_whose_record_is_complete_is_held_with_all_its_doses_waiting() -> None:
    flash = SimFlash()
    closed(flash)
    begun(flash)

    record = loaded(flash)

    assert record is not None
    assert [dose.state for dose in record.doses] == [dose_machine.WAITING, dose_machine.WAITING]
    assert (record.accepted, record.is_untouched()) == (False, True)


@pytest.mark.parametrize("kind", CUTS)
def test_a_grant_is_known_or_the_dose_is_never_poured_again(kind: Torn) -> None:
    def prepare(flash: SimFlash) -> tuple[Journal, JournaledJob]:
        store, record = begun(flash)
        store.accept(record)
        record.doses[0] = dose_machine.advance(record.doses[0], dose_machine.PERMIT)
        store.write(record, 0)
        return store, record

    def act(prepared: tuple[Journal, JournaledJob]) -> None:
        store, record = prepared
        record.doses[0] = dose_machine.advance(record.doses[0], dose_machine.PERMIT)
        store.write(record, 0)

    (flash,) = cut_everywhere(prepare, act, kind)
    record = loaded(flash)

    assert record is not None
    assert record.accepted
    dose = record.doses[0]
    assert dose.permitted_ms in (500, 1000) or dose.reason == dose_machine.CORRUPTED
    assert dose_machine.is_over(dose) == (kind is Torn.GONE)
    assert record.doses[1].state == dose_machine.WAITING


def test_a_closed_job_stays_closed_when_the_newest_record_is_lost() -> None:
    flash = SimFlash()
    closed(flash, 5)
    closed(flash, 6)
    flash.remove(("job_state", "job_a"))

    assert loaded(flash) is None


def test_numbers_go_on_when_both_records_are_lost() -> None:
    flash = SimFlash()
    for number in (4, 5, 6):
        closed(flash, number)
    flash.remove(("job_state", "job_a"))
    flash.remove(("job_state", "job_b"))
    begun(flash)

    assert loaded(flash) is not None


def test_a_grant_proves_the_acceptance_whose_mark_is_lost() -> None:
    flash = SimFlash()
    store, record = begun(flash)
    store.accept(record)
    record.doses[0] = dose_machine.advance(record.doses[0], dose_machine.PERMIT)
    store.write(record, 0)
    flash.remove(("job_state", "accepted"))

    found = loaded(flash)

    assert found is not None
    assert found.accepted
    assert not found.is_untouched()


def test_a_lost_cell_proves_nothing_but_forbids_to_forget() -> None:
    flash = SimFlash()
    begun(flash)
    flash.remove(("job_state", "p1"))

    record = loaded(flash)

    assert record is not None
    assert (record.accepted, record.is_untouched()) == (False, False)
    assert record.doses[1].reason == dose_machine.CORRUPTED


@pytest.mark.parametrize("bit", range(32))
@pytest.mark.parametrize("cell", ["p0", "accepted", "closed"])
def test_a_flipped_bit_never_permits_anything(cell: str, bit: int) -> None:
    flash = SimFlash()
    closed(flash)
    store, record = begun(flash)
    store.accept(record)
    record.doses[0] = dose_machine.advance(record.doses[0], dose_machine.PERMIT)
    store.write(record, 0)
    flash.flip(("job_state", cell), bit)

    found = loaded(flash)

    assert found is not None
    assert found.number == record.number
    dose = found.doses[0]
    assert dose == record.doses[0] or dose.reason == dose_machine.CORRUPTED


def test_the_ring_knows_the_last_sixteen_jobs() -> None:
    flash = SimFlash()
    for number in range(1, 21):
        closed(flash, number)
    store = Journal(flash.namespace("job_state"))

    known = [number for number in range(1, 25) if store.was_served(f"{number:032x}")]

    assert known == list(range(5, 21))


@pytest.mark.parametrize("bit", range(32))
def test_a_bit_that_flips_in_the_ring_does_not_hide_the_last_job(bit: int) -> None:
    flash = SimFlash()
    closed(flash, 6)
    closed(flash, 7)
    flash.flip(("job_state", "r2"), bit)

    assert Journal(flash.namespace("job_state")).was_served(f"{7:032x}")


def test_a_job_that_was_refused_before_it_was_accepted_was_not_served() -> None:
    flash = SimFlash()
    store, record = begun(flash)
    store.close(record)

    assert not store.was_served(record.job["job_key"])


def test_the_acceptance_number_outlives_a_boot() -> None:
    flash = SimFlash()
    _, record = begun(flash)
    found = loaded(flash)

    assert found is not None
    assert found.acceptance == record.acceptance > 0


@pytest.mark.parametrize("kind", CUTS)
def test_a_job_that_is_held_has_its_own_acceptance_number(kind: Torn) -> None:
    for flash in cut_everywhere(lambda flash: (closed(flash), flash)[1], begun, kind):
        record = loaded(flash)
        assert record is None or record.acceptance == 1000 + record.job["id"]


def test_the_last_job_can_be_reported_again_by_its_key() -> None:
    flash = SimFlash()
    closed(flash, 6)
    store = Journal(flash.namespace("job_state"))

    record = store.last_closed(f"{6:032x}")

    assert record is not None
    assert [dose.permitted_ms for dose in record.doses] == [500, 500]
    assert store.last_closed(f"{5:032x}") is None


@pytest.mark.parametrize("slot", ["job_a", "job_b"])
def test_a_torn_copy_does_not_hide_the_newest_number(slot: str) -> None:
    flash = SimFlash()
    _, record = begun(flash)
    flash.put(("job_state", slot), b"YJ")

    _, following = begun(flash)

    assert (record.number, following.number) == (1, 2)


def test_what_a_job_costs_in_writes() -> None:
    flash = SimFlash()
    closed(flash)

    # acceptance number, cells, the record twice, accepted, ring, grants, closed
    assert flash.operations == 1 + 2 + 2 + 1 + 1 + 2 + 1


def test_a_time_is_written_once_and_only_when_it_is_known() -> None:
    flash = SimFlash()
    store = Journal(flash.namespace("job_state"))
    assert store.noted_time() is None
    store.note_time(None)
    assert flash.operations == 0

    store.note_time(1_800_000_000)
    store.note_time(1_800_000_000)
    assert (store.noted_time(), flash.operations) == (1_800_000_000, 1)

    store.note_time(None)
    assert store.noted_time() is None


@pytest.mark.parametrize("kind", CUTS)
def test_a_new_token_never_costs_the_old_one(kind: Torn) -> None:
    def prepare(flash: SimFlash) -> Identity:
        identity = Identity(flash.namespace("config"))
        identity.keep("old", 30)
        return identity

    for flash in cut_everywhere(prepare, lambda identity: identity.keep("new", 45), kind):
        identity = Identity(flash.namespace("config"))
        assert identity.token in ("old", "new")
        assert identity.heartbeat_s in (30, 45)


@pytest.mark.parametrize(("parked", "reports"), [(0, 4), (1, 3), (4, 0)])
def test_a_job_needs_room_for_itself_for_parked_reports_and_some_to_spare(
    parked: int, reports: int
) -> None:
    """Two copies of a record, sixteen cells, 22 entries for a report, and 64 that stay free."""
    flash = SimFlash()
    for place in range(parked):
        Slots(flash.namespace("job_state"), f"k{place}").write(1, b"report")
    store, plan = Journal(flash.namespace("job_state")), a_plan(7)
    entries = 2 * (16 + packed_bytes(plan)) // 32 + 16 + 64 + 22 * reports
    leave_free(flash, entries)
    assert flash.namespace("job_state").free_entries() == entries
    assert store.fits(plan)

    flash.put(("filler", "one more"), 0)
    assert not store.fits(plan)


def test_a_time_is_kept_from_2020_on_and_damage_is_no_time() -> None:
    flash = SimFlash()
    store = Journal(flash.namespace("job_state"))
    store.note_time(1_577_836_801)
    assert (store.noted_time(), flash.values["job_state", "t"]) == (1_577_836_801, 1)

    flash.put(("job_state", "t"), -1)
    assert store.noted_time() is None


def test_a_journal_without_an_acceptance_number_has_the_number_nothing() -> None:
    flash = SimFlash()
    begun(flash)
    flash.remove(("job_state", "acceptance"))

    record = loaded(flash)

    assert record is not None
    assert record.acceptance == 0


def test_a_factory_reset_knows_every_key() -> None:
    copies = [f"k{place}_{copy}" for place in range(4) for copy in "ab"]
    cells = [f"{letter}{place}" for letter in "pr" for place in range(16)]
    others = ["job_a", "job_b", "accepted", "closed", "acceptance", "t", "lost"]

    assert sorted(all_keys()) == sorted(others + cells + copies)


@pytest.mark.parametrize("kind", CUTS)
@pytest.mark.parametrize("writes", [(1, 1), (1, 2), (2, 1), (2, 2)])
def test_two_power_cuts_in_a_row_do_not_bring_an_old_token_back(
    kind: Torn, writes: tuple[int, int]
) -> None:
    """After the first cut only one copy is the newest: the next write must not begin with it."""
    flash = SimFlash()
    for token in ("first", "second", "third"):
        Identity(flash.namespace("config")).keep(token, 30)
    for token, write in zip(("fourth", "fifth"), writes, strict=True):
        known = {Identity(flash.namespace("config")).token, token}
        cut_in_write(flash, write, kind)
        with suppress(Halted):
            Identity(flash.namespace("config")).keep(token, 30)
        assert Identity(flash.namespace("config")).token in known


def test_a_copy_as_large_as_the_buffer_less_one_is_mended_too() -> None:
    """What a read leaves in the buffer is not the copy that is missing."""
    flash = SimFlash()
    slots = Slots(flash.namespace("job_state"), "job")
    slots.write(7, b"x" * (MAX_RECORD_BYTES - 1 - 16))
    whole = dict(flash.values)
    flash.remove(("job_state", "job_b"))

    slots.mend(7)

    assert flash.values == whole
