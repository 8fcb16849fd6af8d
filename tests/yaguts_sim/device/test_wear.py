"""How long the flash lasts under the real journal, in a model of ESP-IDF's pages."""

from typing import Any

from yaguts_device.core import dose_machine
from yaguts_device.journal.journal import Journal
from yaguts_sim.device.flash import SimFlash

JOBS, JOBS_A_DAY, CYCLES = 1500, 50, 100_000
MOTOR = {"intensity": 75, "pre_start_ms": 500, "post_stop_ms": 300, "max_runtime_s": 300}


def a_plan(number: int) -> Any:
    doses = [
        {"order": jar, "jar": jar, "spice": "Pimenta", "quantity_mg": 10_000, "duration_ms": 10_000}
        for jar in (1, 2, 3, 4)
    ]
    key = f"{number:032x}"
    return {
        "id": number,
        "job_key": key,
        "ttl_s": 600,
        "motor": MOTOR,
        "doses": doses,
        "asks": False,
    }


def pour(journal: Journal, plan: Any, now_s: int) -> None:
    """Write everything that the journal writes of a job without faults."""
    doses = [
        dose_machine.new_dose(dose["quantity_mg"], dose["duration_ms"]) for dose in plan["doses"]
    ]
    journaled = journal.begin(plan, doses, 1_804_289_383)
    journal.copy(journaled)
    journal.note_time(now_s)
    journal.remember(journaled)
    journal.accept(journaled)
    for place in range(len(doses)):
        journal.note_time(now_s + 11 * place)
        while not dose_machine.is_all_permitted(journaled.doses[place]):
            journaled.doses[place] = dose_machine.advance(
                journaled.doses[place], dose_machine.PERMIT
            )
            journal.write(journaled, place)
        journaled.doses[place] = dose_machine.advance(journaled.doses[place], dose_machine.ENDED)
        journal.write(journaled, place)
    journal.close(journaled)


def test_fifty_jobs_a_day_wear_the_flash_out_in_more_than_thirty_years() -> None:
    flash = SimFlash()
    journal = Journal(flash.namespace("job_state"))
    for number in range(1, JOBS + 1):
        pour(journal, a_plan(number), 1_800_000_000 + 1700 * number)

    cycles_a_job = flash.layout.worst_erases / JOBS
    years = CYCLES / (cycles_a_job * JOBS_A_DAY * 365)

    told = f"{flash.operations / JOBS:.0f} operations and {cycles_a_job:.4f} erase cycles a job"
    print(f"{told}: {years:.0f} years at {JOBS_A_DAY} jobs a day")
    assert flash.operations / JOBS < 100
    assert years > 30
