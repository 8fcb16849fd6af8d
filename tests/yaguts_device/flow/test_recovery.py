"""How long an outage may be."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.device.journals import begun
from yaguts_device.core import dose_machine
from yaguts_device.flow.job import recovery
from yaguts_sim.device.flash import SimFlash

THEN = 1_800_000_000


@pytest.mark.parametrize(
    ("outage_s", "goes_on"), [(0, True), (-60, True), (900, True), (901, False), (None, True)]
)
def test_a_job_goes_on_for_a_quarter_of_an_hour(outage_s: int | None, goes_on: bool) -> None:
    store, journaled = begun(SimFlash())
    store.note_time(THEN)
    now = None if outage_s is None else THEN + outage_s
    board: Any = SimpleNamespace(unix_s=lambda: now)
    no_ticks: Any = None

    recovery.resume(board, store, journaled, no_ticks)

    assert [dose_machine.is_over(dose) for dose in journaled.doses] == [not goes_on] * 2
    kept = store.load()
    assert kept is not None
    assert kept.doses == journaled.doses


def test_an_outage_of_unknown_beginning_is_resumed() -> None:
    store, journaled = begun(SimFlash())
    board: Any = SimpleNamespace(unix_s=lambda: THEN)
    no_ticks: Any = None

    recovery.resume(board, store, journaled, no_ticks)

    assert not journaled.is_over()
