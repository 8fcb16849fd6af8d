"""Note how far a pour is where a reset does not erase it, so that less has to be reported in doubt.

A power cut erases it, and then each restart leaves a slice and its lead in doubt. Nothing here has
a say in what may be poured.
"""

from yaguts_device.core import dose_machine
from yaguts_device.core.journal_format import key_print
from yaguts_device.core.report import widest_doubt_ms
from yaguts_device.core.tick import NOWHERE, Tick, pack_tick, unpack_tick

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board
    from yaguts_device.journal.journal import Record

EVERY_MS = 125
_CLOCK_STEPS_MS = 5
"""The clock that ends a pulse and the one that is asked how much is left may differ by so much."""


class Ticks:
    """The memory of one board. A job that it does not know begins with the widest doubt."""

    def __init__(self, board: "Board") -> None:
        self._board = board
        self._tick = unpack_tick(board.remembered())

    def note(self, record: "Record", place: int, remaining_ms: int) -> None:
        """A pulse of the dose is running, or has just ended: so much of the grants is to come."""
        used_ms = record.doses[place].granted_ms - remaining_ms - _CLOCK_STEPS_MS
        tick = self._of(record)
        self._keep(Tick(tick.key_print, place, max(0, used_ms), tick.doubts))

    def count_restart(self, record: "Record", place: int) -> None:
        """After a boot, before the journal counts it: how much of a pouring dose is in doubt."""
        tick, dose = self._of(record), record.doses[place]
        more_ms = widest_doubt_ms(dose, 1)
        if tick.place == place:
            more_ms = min(more_ms, max(0, dose.granted_ms - tick.used_ms))
        tick.doubts[place] = dose.restarts + 1, _doubt_ms(tick, place, dose) + more_ms
        self._keep(Tick(tick.key_print, NOWHERE, 0, tick.doubts))

    def doubts_ms(self, record: "Record") -> "list[int]":
        """Of each dose: how much of what was granted may not have been poured."""
        tick = self._of(record)
        return [_doubt_ms(tick, place, dose) for place, dose in enumerate(record.doses)]

    def _of(self, record: "Record") -> Tick:
        printed, tick = key_print(record.plan["job_key"]), self._tick
        if tick and tick.key_print == printed and len(tick.doubts) == len(record.doses):
            return tick
        doubts = [(dose.restarts, widest_doubt_ms(dose, dose.restarts)) for dose in record.doses]
        return Tick(printed, NOWHERE, 0, doubts)

    def _keep(self, tick: Tick) -> None:
        self._tick = tick
        self._board.remember(pack_tick(tick))


def _doubt_ms(tick: Tick, place: int, dose: dose_machine.DoseState) -> int:
    """What is known of exactly the restarts that the journal has counted."""
    restarts, doubt_ms = tick.doubts[place]
    return doubt_ms if restarts == dose.restarts else widest_doubt_ms(dose, dose.restarts)
