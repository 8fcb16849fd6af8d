"""Pour the doses of a job, one jar after the other, each slice under a permission on flash.

The order of things is the whole point: the grant is made durable, then the relay may use it. The
next grant is written while the relay is on, a lead before the slice ends. A grant that comes too
late makes a gap; nothing ever makes an excess, because the pulse ends by itself.
"""

from yaguts_device.core import dose_machine
from yaguts_device.flow.motor import Shaker
from yaguts_device.flow.progress import ProgressReporter
from yaguts_device.journal.ticks import EVERY_MS

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board
    from yaguts_device.journal.journal import Journal, Record
    from yaguts_device.journal.ticks import Ticks
    from yaguts_device.net.server import ServerClient


class Pouring:
    """One accepted job on its way into the bowl."""

    def __init__(
        self,
        board: "Board",
        journal: "Journal",
        server: "ServerClient",
        record: "Record",
        ticks: "Ticks",
    ) -> None:
        self._board = board
        self._journal = journal
        self._record = record
        self._ticks = ticks
        self._shaker = Shaker(board, record.plan["motor"])
        self._progress = ProgressReporter(board, server)

    async def run(self) -> None:
        """Return when every dose is done or failed, and the journal says so."""
        for place in range(len(self._record.doses)):
            if not dose_machine.is_over(self._record.doses[place]):
                await self._dose(place)
                if not self._record.is_over():  # then the report tells
                    await self._progress.tell_end(self._record, place)

    async def _dose(self, place: int) -> None:
        jar = self._record.plan["doses"][place]["jar"]
        if self._is_stopped(place, jar):
            return
        self._journal.note_time(self._board.unix_s())
        await self._shaker.start()
        if not self._is_stopped(place, jar):  # a cancel may have come while the motor started
            await self._slices(place, jar)
        await self._shaker.stop()

    def _is_stopped(self, place: int, jar: int) -> bool:
        """Whether something speaks against the next slice; the dose is over then."""
        reason = self._reason_to_stop(jar)
        if reason:
            self._advance(place, dose_machine.STOP, reason)
        return bool(reason)

    async def _slices(self, place: int, jar: int) -> None:
        self._board.open(jar, self._grant(place))
        while True:
            dose = self._record.doses[place]
            last = dose_machine.is_granted(dose)
            await self._until_left(place, jar, 0 if last else dose_machine.lead_ms(dose))
            reason = self._board.fault(jar) if last else self._reason_to_stop(jar)
            if reason:
                self._advance(place, dose_machine.STOP, reason, self._board.close(jar))
                return
            if last:
                self._board.close(jar)
                self._advance(place, dose_machine.ENDED)
                return
            self._board.extend(jar, self._grant(place))
            self._shaker.rest()
            self._progress.tell(self._record, place, self._board.remaining_ms(jar))

    async def _until_left(self, place: int, jar: int, left_ms: int) -> None:
        """Return when no more than so much of the pulse is to come."""
        while True:
            remaining_ms = self._board.remaining_ms(jar)
            if not self._board.fault(jar):
                self._ticks.note(self._record, place, remaining_ms)
            if remaining_ms <= left_ms:
                return
            await self._board.sleep_ms(min(remaining_ms - left_ms, EVERY_MS))

    def _grant(self, place: int) -> int:
        """Permit the next slice, durably; its length."""
        before_ms = self._record.doses[place].granted_ms
        self._advance(place, dose_machine.GRANT)
        return self._record.doses[place].granted_ms - before_ms

    def _advance(self, place: int, event: int, reason: int = 0, unused_ms: int = 0) -> None:
        dose = dose_machine.advance(self._record.doses[place], event, reason, unused_ms)
        self._record.doses[place] = dose
        self._journal.write(self._record, place)

    def _reason_to_stop(self, jar: int) -> int:
        """What broke says more than that nobody wanted the rest: it puts in doubt what fell."""
        return self._board.fault(jar) or (dose_machine.CANCELLED if self._progress.cancelled else 0)
