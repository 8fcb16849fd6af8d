"""Pour the doses of a job, jar after jar, slice by slice.

`_permit_slice` writes the permission into flash before the relay may be on for that slice. The next
slice is permitted while the relay is on, a lead before the current one ends. A permission that
comes late causes a gap. It cannot cause an excess, because the pulse ends by itself.
"""

from yaguts_device.core import dose_machine
from yaguts_device.flow.job.motor import MotorControl
from yaguts_device.flow.job.progress import ProgressReporter
from yaguts_device.journal.ticks import EVERY_MS

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.flow.button import Button
    from yaguts_device.hal.board import Board
    from yaguts_device.journal.journal import Journal, JournaledJob
    from yaguts_device.journal.ticks import Ticks
    from yaguts_device.net.job_calls import JobCalls


STOOD_STILL_MS = 50
"""Longer than that, `extend` has waited for the slice before to end: no relay switches then."""


class Pouring:
    """The pour of one accepted job."""

    def __init__(
        self,
        board: "Board",
        journal: "Journal",
        calls: "JobCalls",
        journaled: "JournaledJob",
        ticks: "Ticks",
        button: "Button",
    ) -> None:
        self._board = board
        self._journal = journal
        self._journaled = journaled
        self._ticks = ticks
        self._button = button
        self._motor = MotorControl(board, journaled.job["motor"])
        self._progress = ProgressReporter(board, calls)

    async def run(self) -> None:
        """Pour until the journal says that every dose is done or failed."""
        for place in range(len(self._journaled.doses)):
            if not dose_machine.is_over(self._journaled.doses[place]):
                await self._pour_dose(place)
                if not self._journaled.is_over():  # otherwise the report says it
                    await self._progress.send_end(self._journaled, place)

    async def _pour_dose(self, place: int) -> None:
        jar = self._journaled.job["doses"][place]["jar"]
        if self._is_stopped(place, jar):
            return
        self._journal.note_time(self._board.unix_s())
        await self._motor.start()
        if not self._is_stopped(place, jar):  # a cancel may have come while the motor started
            await self._pour_slices(place, jar)
        await self._motor.stop()

    def _is_stopped(self, place: int, jar: int) -> bool:
        """Whether there is a reason not to permit another slice. If so, ends the dose."""
        reason = self._reason_to_stop(jar)
        if reason:
            self._advance(place, dose_machine.STOP, reason)
        return bool(reason)

    async def _pour_slices(self, place: int, jar: int) -> None:
        self._board.open(jar, self._permit_slice(place))
        while True:
            dose = self._journaled.doses[place]
            last = dose_machine.is_all_permitted(dose)
            await self._wait_until_left(place, jar, 0 if last else dose_machine.lead_ms(dose))
            ended = last and not self._board.remaining_ms(jar)
            reason = self._fault(jar) if ended else self._reason_to_stop(jar)
            if reason:
                self._advance(place, dose_machine.STOP, reason, self._board.close(jar))
                return
            if last:
                self._board.close(jar)
                self._advance(place, dose_machine.ENDED)
                return
            ms, began_at = self._permit_slice(place), self._board.ticks_ms()
            self._board.extend(jar, ms)
            took_ms = self._board.ticks_diff(self._board.ticks_ms(), began_at)
            self._button.unseen = took_ms > STOOD_STILL_MS
            self._motor.pause_if_due()
            self._progress.send(self._journaled, place, self._board.remaining_ms(jar))

    async def _wait_until_left(self, place: int, jar: int, left_ms: int) -> None:
        """Return when at most `left_ms` of the pulse remain, or the button is pressed."""
        while True:
            remaining_ms = self._board.remaining_ms(jar)
            if not self._board.fault(jar):
                self._ticks.note(self._journaled, place, remaining_ms)
            if remaining_ms <= left_ms or self._button.pressed:
                return
            await self._board.sleep_ms(min(remaining_ms - left_ms, EVERY_MS))
            self._button.unseen = False  # it had its turn

    def _permit_slice(self, place: int) -> int:
        """Write the permission for the next slice into flash. Returns the slice's length in ms."""
        before_ms = self._journaled.doses[place].permitted_ms
        self._advance(place, dose_machine.PERMIT)
        return self._journaled.doses[place].permitted_ms - before_ms

    def _advance(self, place: int, event: int, reason: int = 0, unused_ms: int = 0) -> None:
        """Apply the event to the dose, and write the dose into the journal."""
        dose = dose_machine.advance(self._journaled.doses[place], event, reason, unused_ms)
        self._journaled.doses[place] = dose
        self._journal.write(self._journaled, place)

    def _reason_to_stop(self, jar: int) -> int:
        """A fault counts before a stop, because it puts in doubt what fell."""
        if self._button.pressed:
            return self._fault(jar) or dose_machine.STOPPED_HERE
        return self._fault(jar) or (dose_machine.CANCELLED if self._progress.cancelled else 0)

    def _fault(self, jar: int) -> int:
        return self._board.fault(jar) or (dose_machine.MOTOR if self._motor.failed else 0)
