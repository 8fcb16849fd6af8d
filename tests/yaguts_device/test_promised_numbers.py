"""Numbers of the firmware that the documents promise. A change of one is a decision."""

from types import ModuleType

import pytest

from yaguts_device.core import dose_machine, interval
from yaguts_device.flow import factory_reset, parked
from yaguts_device.flow.job import offers, progress, recovery, resume_consent
from yaguts_device.journal import journal, ticks


@pytest.mark.parametrize(
    ("module", "name", "expected"),
    [
        (dose_machine, "MAX_RESTARTS", 3),
        (dose_machine, "SLICE_MS", 500),
        (dose_machine, "SHORTEST_SLICE_MS", 100),
        (dose_machine, "SLICE_WORTH_MG", 500),
        (dose_machine, "LEAD_MS", 200),
        (interval, "STOPPED_DOUBT_MS", 10),
        (factory_reset, "HELD_MS", 5_000),
        (factory_reset, "CHECK_EVERY_MS", 250),
        (offers, "LONGEST_TTL_S", 86_400),
        (parked, "FIRST_MS", 60_000),
        (parked, "LONGEST_MS", 3_600_000),
        (progress, "EVERY_MS", 1_000),
        (progress, "PATIENCE_MS", 5_000),
        (progress, "CONNECT_PATIENCE_MS", 3_000),
        (progress, "RECONNECT_EVERY_MS", 15_000),
        (recovery, "RESUME_WITHIN_S", 900),
        (resume_consent, "ASK_EVERY_MS", 5_000),
        (journal, "SERVED_KEYS", 16),
        (journal, "PARKED", 4),
        (journal, "SPARE_ENTRIES", 64),
        (ticks, "EVERY_MS", 125),
    ],
)
def test_a_promised_number(module: ModuleType, name: str, expected: int) -> None:
    assert getattr(module, name) == expected


def test_the_codes_of_states_and_reasons_are_those_that_a_journal_holds() -> None:
    assert list(dose_machine.STATES) == [0, 1, 2, 3]
    assert dose_machine.FAILED == 3
    assert list(dose_machine.REASONS) == list(range(13))
    assert (dose_machine.NO_FLOW, dose_machine.NOT_POSSIBLE) == (1, 11)
