"""A tick narrows what is in doubt after a reset. After a power cut nothing is known."""

from types import SimpleNamespace
from typing import Any

from yaguts_device.core import dose_machine
from yaguts_device.journal.ticks import Ticks

TARGET_MS, SLICE_MS, LEAD_MS = 5000, 500, 200
WIDEST_MS = SLICE_MS + LEAD_MS


class Memory:
    """A board's memory."""

    def __init__(self) -> None:
        self.data = b""

    def remembered(self) -> bytes:
        return self.data

    def remember(self, data: bytearray) -> None:
        self.data = bytes(data)


def a_record(permitted_ms: int, restarts: int = 0, key: str = "a" * 32) -> Any:
    dose = dose_machine.DoseState(
        TARGET_MS, SLICE_MS, permitted_ms, restarts, dose_machine.POURING, dose_machine.NO_REASON
    )
    return SimpleNamespace(job={"job_key": key}, doses=[dose])


def restarted(board: Any, journaled: Any) -> list[int]:
    """What is in doubt after one more boot."""
    ticks = Ticks(board)
    ticks.count_restart(journaled, 0)
    journaled.doses[0] = dose_machine.advance(journaled.doses[0], dose_machine.RESTART)
    return ticks.doubts_ms(journaled)


def test_after_a_reset_only_what_was_not_yet_used_is_in_doubt() -> None:
    board, journaled = Memory(), a_record(permitted_ms=2000)
    Ticks(board).note(journaled, 0, remaining_ms=120)

    assert restarted(board, journaled) == [125]


def test_after_a_power_cut_a_slice_and_its_lead_are() -> None:
    board, journaled = Memory(), a_record(permitted_ms=2000)
    Ticks(board).note(journaled, 0, remaining_ms=120)
    board.data = b""

    assert restarted(board, journaled) == [WIDEST_MS]


def test_a_tick_never_makes_the_doubt_wider() -> None:
    board, journaled = Memory(), a_record(permitted_ms=2000)
    Ticks(board).note(journaled, 0, remaining_ms=1900)

    assert restarted(board, journaled) == [WIDEST_MS]


def test_doubts_of_several_restarts_add_up() -> None:
    board, journaled = Memory(), a_record(permitted_ms=2000)
    Ticks(board).note(journaled, 0, remaining_ms=120)
    restarted(board, journaled)
    Ticks(board).note(journaled, 0, remaining_ms=20)

    assert restarted(board, journaled) == [125 + 25]


def test_a_power_cut_after_a_reset_makes_every_restart_wide_again() -> None:
    board, journaled = Memory(), a_record(permitted_ms=2000)
    Ticks(board).note(journaled, 0, remaining_ms=120)
    restarted(board, journaled)
    board.data = b""

    assert restarted(board, journaled) == [2 * WIDEST_MS]


def test_another_jobs_tick_says_nothing() -> None:
    board = Memory()
    Ticks(board).note(a_record(2000, key="b" * 32), 0, remaining_ms=120)

    assert restarted(board, a_record(permitted_ms=2000)) == [WIDEST_MS]


def test_a_restart_that_the_journal_did_not_come_to_count_is_counted_again() -> None:
    board, journaled = Memory(), a_record(permitted_ms=2000)
    Ticks(board).note(journaled, 0, remaining_ms=120)
    Ticks(board).count_restart(journaled, 0)  # and the power of the flash was gone

    assert restarted(board, journaled) == [WIDEST_MS]


def test_a_tick_that_is_ahead_of_the_journal_leaves_nothing_in_doubt() -> None:
    board = Memory()
    Ticks(board).note(a_record(permitted_ms=2000), 0, remaining_ms=0)

    assert restarted(board, a_record(permitted_ms=1500)) == [0]


def test_a_slice_that_has_just_begun_has_used_nothing() -> None:
    board, journaled = Memory(), a_record(permitted_ms=500)
    Ticks(board).note(journaled, 0, remaining_ms=500)

    assert restarted(board, journaled) == [500]
