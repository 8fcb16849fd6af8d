"""The journal on a flash that fails: what is read after a power cut is what may be relied on."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.yaguts_device.nvs import CUTS, Namespace, Nvs, PowerCut, before, torn, vanished
from tests.yaguts_device.offers import an_offer
from yaguts_device.core import dose_machine
from yaguts_device.core.held_job import held_job_of
from yaguts_device.journal.identity import Identity
from yaguts_device.journal.journal import Journal, JournaledJob
from yaguts_wire.messages import read_job


def a_job(number: int = 7, **grams: float) -> Any:
    return held_job_of(read_job(an_offer(number, **(grams or {"Sal": 2.0, "Cravo": 1.0}))))


def waiting(job: Any) -> list[dose_machine.DoseState]:
    return [
        dose_machine.new_dose(dose["quantity_mg"], dose["duration_ms"]) for dose in job["doses"]
    ]


def begun(nvs: Nvs, number: int = 7) -> tuple[Journal, JournaledJob]:
    store = Journal(Namespace(nvs, "job_state"))
    job = a_job(number)
    return store, store.begin(job, waiting(job))


def closed(nvs: Nvs, number: int = 6) -> None:
    """A job from the offer to the end."""
    store, journaled = begun(nvs, number)
    store.accept(journaled)
    store.remember(journaled)
    for place, dose in enumerate(journaled.doses):
        journaled.doses[place] = dose_machine.advance(dose, dose_machine.PERMIT)
        store.write(journaled, place)
    store.close(journaled)


def loaded(nvs: Nvs) -> JournaledJob | None:
    return Journal(Namespace(nvs, "job_state")).load()


def cut_everywhere(
    prepare: Callable[[Nvs], Any], act: Callable[[Any], None], kind: Callable[..., Any]
) -> list[Nvs]:
    """The flash as each power cut of this kind leaves it, write by write."""
    left = []
    while True:
        nvs = Nvs()
        prepared = prepare(nvs)
        nvs.cut_at(len(left) + 1, kind)
        try:
            act(prepared)
        except PowerCut:
            left.append(nvs)
        else:
            return left


@pytest.mark.parametrize("kind", [before, torn])
def test_a_new_job_is_held_whole_or_not_at_all(kind: Any) -> None:
    for nvs in cut_everywhere(lambda nvs: (closed(nvs), nvs)[1], begun, kind):
        journaled = loaded(nvs)
        assert (
            journaled is None
            or [dose.state for dose in journaled.doses] == [dose_machine.WAITING] * 2
        )


@pytest.mark.parametrize("slot", ["job_a", "job_b"])
def test_a_bit_that_flips_in_one_copy_of_a_job_loses_nothing(slot: str) -> None:
    nvs = Nvs()
    _, journaled = begun(nvs)
    blob = bytearray(nvs.values["job_state", slot])
    blob[40] ^= 4
    nvs.values["job_state", slot] = bytes(blob)

    held = loaded(nvs)

    assert held is not None
    assert held.job == journaled.job


@pytest.mark.parametrize("slot", ["job_a", "job_b"])
def test_a_boot_mends_the_copy_that_is_missing(slot: str) -> None:
    nvs = Nvs()
    _, journaled = begun(nvs)
    whole = dict(nvs.values)
    del nvs.values["job_state", slot]

    held = loaded(nvs)

    assert held is not None
    assert held.job == journaled.job
    assert nvs.values == whole


def test_a_copy_that_cannot_be_mended_loses_nothing() -> None:
    nvs = Nvs()
    _, journaled = begun(nvs)
    del nvs.values["job_state", "job_b"]
    nvs.full = True

    held = loaded(nvs)

    assert held is not None
    assert held.job == journaled.job


def test_nothing_is_written_at_a_boot_when_both_copies_are_whole() -> None:
    nvs = Nvs()
    begun(nvs)
    writes = nvs.writes

    loaded(nvs)

    assert nvs.writes == writes


def test_a_new_job_whose_record_is_complete_is_held_with_all_its_doses_waiting() -> None:
    nvs = Nvs()
    closed(nvs)
    begun(nvs)

    journaled = loaded(nvs)

    assert journaled is not None
    assert [dose.state for dose in journaled.doses] == [dose_machine.WAITING, dose_machine.WAITING]
    assert (journaled.accepted, journaled.is_untouched()) == (False, True)


@pytest.mark.parametrize("kind", CUTS)
def test_a_permission_is_known_or_the_dose_is_never_poured_again(kind: Any) -> None:
    def prepare(nvs: Nvs) -> tuple[Journal, JournaledJob]:
        store, journaled = begun(nvs)
        store.accept(journaled)
        journaled.doses[0] = dose_machine.advance(journaled.doses[0], dose_machine.PERMIT)
        store.write(journaled, 0)
        return store, journaled

    def act(prepared: tuple[Journal, JournaledJob]) -> None:
        store, journaled = prepared
        journaled.doses[0] = dose_machine.advance(journaled.doses[0], dose_machine.PERMIT)
        store.write(journaled, 0)

    (nvs,) = cut_everywhere(prepare, act, kind)
    journaled = loaded(nvs)

    assert journaled is not None
    assert journaled.accepted
    dose = journaled.doses[0]
    assert dose.permitted_ms in (500, 1000) or dose.reason == dose_machine.CORRUPTED
    assert dose_machine.is_over(dose) == (kind is vanished)
    assert journaled.doses[1].state == dose_machine.WAITING


def test_a_closed_job_stays_closed_when_the_newest_record_is_lost() -> None:
    nvs = Nvs()
    closed(nvs, 5)
    closed(nvs, 6)
    del nvs.values["job_state", "job_a"]

    assert loaded(nvs) is None


def test_numbers_go_on_when_both_records_are_lost() -> None:
    nvs = Nvs()
    for number in (4, 5, 6):
        closed(nvs, number)
    del nvs.values["job_state", "job_a"], nvs.values["job_state", "job_b"]
    begun(nvs)

    assert loaded(nvs) is not None


def test_a_permission_proves_the_acceptance_whose_flag_is_lost() -> None:
    nvs = Nvs()
    store, journaled = begun(nvs)
    store.accept(journaled)
    journaled.doses[0] = dose_machine.advance(journaled.doses[0], dose_machine.PERMIT)
    store.write(journaled, 0)
    del nvs.values["job_state", "accepted"]

    found = loaded(nvs)

    assert found is not None
    assert found.accepted
    assert not found.is_untouched()


def test_a_lost_cell_proves_nothing_but_forbids_to_forget() -> None:
    nvs = Nvs()
    begun(nvs)
    del nvs.values["job_state", "p1"]

    journaled = loaded(nvs)

    assert journaled is not None
    assert (journaled.accepted, journaled.is_untouched()) == (False, False)
    assert journaled.doses[1].reason == dose_machine.CORRUPTED


@pytest.mark.parametrize("bit", range(32))
@pytest.mark.parametrize("cell", ["p0", "accepted", "closed"])
def test_a_flipped_bit_never_permits_anything(cell: str, bit: int) -> None:
    nvs = Nvs()
    closed(nvs)
    store, journaled = begun(nvs)
    store.accept(journaled)
    journaled.doses[0] = dose_machine.advance(journaled.doses[0], dose_machine.PERMIT)
    store.write(journaled, 0)
    value = int(nvs.values["job_state", cell]) & 0xFFFFFFFF ^ 1 << bit
    nvs.values["job_state", cell] = value - ((value >> 31) << 32)

    found = loaded(nvs)

    assert found is not None
    assert found.number == journaled.number
    dose = found.doses[0]
    assert dose == journaled.doses[0] or dose.reason == dose_machine.CORRUPTED


def test_the_ring_knows_the_last_sixteen_jobs() -> None:
    nvs = Nvs()
    for number in range(1, 21):
        closed(nvs, number)
    store = Journal(Namespace(nvs, "job_state"))

    known = [number for number in range(1, 25) if store.was_served(f"{number:032x}")]

    assert known == list(range(5, 21))


def test_the_last_job_can_be_reported_again_by_its_key() -> None:
    nvs = Nvs()
    closed(nvs, 6)
    store = Journal(Namespace(nvs, "job_state"))

    journaled = store.last_closed(f"{6:032x}")

    assert journaled is not None
    assert [dose.permitted_ms for dose in journaled.doses] == [500, 500]
    assert store.last_closed(f"{5:032x}") is None


@pytest.mark.parametrize("slot", ["job_a", "job_b"])
def test_a_torn_copy_does_not_hide_the_newest_number(slot: str) -> None:
    nvs = Nvs()
    _, journaled = begun(nvs)
    nvs.values["job_state", slot] = b"YJ"

    _, following = begun(nvs)

    assert (journaled.number, following.number) == (1, 2)


def test_what_a_job_costs_in_writes() -> None:
    nvs = Nvs()
    closed(nvs)

    # cells, the record twice, accepted, served key, permissions, closed
    assert nvs.writes == 2 + 2 + 1 + 1 + 2 + 1


def test_a_time_is_written_once_and_only_when_it_is_known() -> None:
    nvs = Nvs()
    store = Journal(Namespace(nvs, "job_state"))
    assert store.noted_time() is None
    store.note_time(None)
    assert nvs.writes == 0

    store.note_time(1_800_000_000)
    store.note_time(1_800_000_000)
    assert (store.noted_time(), nvs.writes) == (1_800_000_000, 1)

    store.note_time(None)
    assert store.noted_time() is None


@pytest.mark.parametrize("kind", CUTS)
def test_a_new_token_never_costs_the_old_one(kind: Any) -> None:
    def prepare(nvs: Nvs) -> Identity:
        identity = Identity(Namespace(nvs, "config"))
        identity.keep("old", 30)
        return identity

    for nvs in cut_everywhere(prepare, lambda identity: identity.keep("new", 45), kind):
        identity = Identity(Namespace(nvs, "config"))
        assert identity.token in ("old", "new")
        assert identity.heartbeat_s in (30, 45)
