"""Journals on a flash: a job begun, a job served, and every power cut in between."""

from collections.abc import Callable
from typing import Any

from tests.support.device.flash import cut_in_write
from tests.support.device.offers import an_offer
from yaguts_device.core import dose_machine
from yaguts_device.core.new_job import held_job_of
from yaguts_device.journal.journal import Journal, JournaledJob
from yaguts_sim.device.flash import SimFlash
from yaguts_sim.engine.clock import Halted
from yaguts_sim.faults.kinds import Torn
from yaguts_wire.offers import read_job


def a_plan(number: int) -> Any:
    """A job of two doses, as the journal keeps it."""
    return held_job_of(read_job(an_offer(number, Sal=2.0, Cravo=1.0)))


def _waiting(plan: Any) -> list[dose_machine.DoseState]:
    return [
        dose_machine.new_dose(dose["quantity_mg"], dose["duration_ms"]) for dose in plan["doses"]
    ]


def begun(flash: SimFlash, number: int = 7) -> tuple[Journal, JournaledJob]:
    """A journal that holds a new job, and the job's record."""
    store = Journal(flash.namespace("job_state"))
    plan = a_plan(number)
    record = store.begin(plan, _waiting(plan), 1000 + number)
    store.copy(record)
    return store, record


def closed(flash: SimFlash, number: int = 6) -> None:
    """A job from the offer to the end."""
    store, record = begun(flash, number)
    store.accept(record)
    store.remember(record)
    for place, dose in enumerate(record.doses):
        record.doses[place] = dose_machine.advance(dose, dose_machine.PERMIT)
        store.write(record, place)
    store.close(record)


def loaded(flash: SimFlash) -> JournaledJob | None:
    """The record that a boot finds."""
    return Journal(flash.namespace("job_state")).load()


def cut_everywhere(
    prepare: Callable[[SimFlash], Any], act: Callable[[Any], None], torn: Torn
) -> list[SimFlash]:
    """What each power cut of this kind leaves on the flash, write by write."""
    left: list[SimFlash] = []
    while True:
        flash = SimFlash()
        prepared = prepare(flash)
        cut_in_write(flash, len(left) + 1, torn)
        try:
            act(prepared)
        except Halted:
            left.append(flash)
        else:
            return left
