"""Keep ticks in memory that outlives a reset, so that a report has less in doubt.

A power cut erases the memory. Then each restart leaves a slice and a lead in doubt. Ticks have no
influence on what is poured.
"""

from yaguts_device.core import dose_machine
from yaguts_device.core.interval import widest_doubt_ms
from yaguts_device.core.journal_format import key_fingerprint
from yaguts_device.core.tick import NOWHERE, TICK_AT, Tick, pack_tick, unpack_tick

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board
    from yaguts_device.journal.journal import JournaledJob

EVERY_MS = 125
_CLOCK_STEPS_MS = 5
"""The clock that ends a pulse and the clock that is read may differ by so much."""


class Ticks:
    """The ticks of one board. A job that is not in the memory begins with the widest doubt."""

    def __init__(self, board: "Board") -> None:
        self._board = board
        try:
            self._tick = unpack_tick(board.remembered()[TICK_AT:])
        except OSError:
            self._tick = None

    def note(self, journaled: "JournaledJob", place: int, remaining_ms: int) -> None:
        """Note that `remaining_ms` of what is permitted of the dose are still to come."""
        used_ms = journaled.doses[place].permitted_ms - remaining_ms - _CLOCK_STEPS_MS
        tick = self._tick_of(journaled)
        self._keep(Tick(tick.key_fingerprint, place, max(0, used_ms), tick.doubts))

    def count_restart(self, journaled: "JournaledJob", place: int) -> None:
        """Note how much of a pouring dose is in doubt, before the journal counts the restart."""
        tick, dose = self._tick_of(journaled), journaled.doses[place]
        more_ms = widest_doubt_ms(dose, 1)
        if tick.place == place:
            more_ms = min(more_ms, max(0, dose.permitted_ms - tick.used_ms))
        tick.doubts[place] = dose.restarts + 1, _doubt_ms(tick, place, dose) + more_ms
        self._keep(Tick(tick.key_fingerprint, NOWHERE, 0, tick.doubts))

    def doubts_ms(self, journaled: "JournaledJob") -> "list[int]":
        """Of each dose: how much of `permitted_ms` may not have been poured."""
        tick = self._tick_of(journaled)
        return [_doubt_ms(tick, place, dose) for place, dose in enumerate(journaled.doses)]

    def _tick_of(self, journaled: "JournaledJob") -> Tick:
        tick, count = self._tick, len(journaled.doses)
        fingerprint = key_fingerprint(journaled.job["job_key"])
        if tick and tick.key_fingerprint == fingerprint and len(tick.doubts) == count:
            return tick
        doubts = [(dose.restarts, widest_doubt_ms(dose, dose.restarts)) for dose in journaled.doses]
        return Tick(fingerprint, NOWHERE, 0, doubts)

    def _keep(self, tick: Tick) -> None:
        self._tick = tick
        try:
            data = bytearray(TICK_AT)
            before = self._board.remembered()[:TICK_AT]
            data[: len(before)] = before
            data.extend(pack_tick(tick))
            self._board.remember(data)
        except (OSError, MemoryError):
            pass  # the tick before leaves more in doubt, never less


def _doubt_ms(tick: Tick, place: int, dose: dose_machine.DoseState) -> int:
    """The tick's doubt if it covers the restarts that the journal has counted; else the widest."""
    restarts, doubt_ms = tick.doubts[place]
    return doubt_ms if restarts == dose.restarts else widest_doubt_ms(dose, dose.restarts)
