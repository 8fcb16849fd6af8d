"""After an outage: wait for a person's yes before the job goes on, if the job says so."""

from yaguts_device.core import dose_machine
from yaguts_device.flow.job.recovery import RESUME_WITHIN_S, stop_all

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board
    from yaguts_device.journal.journal import Journal, JournaledJob
    from yaguts_device.net.job_calls import JobCalls

ASK_EVERY_MS = 5_000
_BITS = 30


class ResumeConsent:
    """The question of one boot. Its number is drawn anew, so that no earlier answer counts."""

    def __init__(
        self, board: "Board", journal: "Journal", calls: "JobCalls", journaled: "JournaledJob"
    ) -> None:
        self._board = board
        self._journal = journal
        self._calls = calls
        self._journaled = journaled
        self._number = board.random_bits(_BITS) + 1
        self._asked_since = board.ticks_ms()

    async def is_settled(self) -> bool:
        """Ask once. True when there is an answer; after a no, every dose has ended.

        Without an answer for `RESUME_WITHIN_S` the job ends as interrupted.
        """
        if self._is_late():
            stop_all(self._journal, self._journaled, dose_machine.INTERRUPTED)
            return True
        answer = await self._ask()
        if answer is None:
            await self._board.sleep_ms(ASK_EVERY_MS)
        elif not answer:
            stop_all(self._journal, self._journaled, dose_machine.CANCELLED)
        return answer is not None

    def _is_late(self) -> bool:
        waited_ms = self._board.ticks_diff(self._board.ticks_ms(), self._asked_since)
        return waited_ms > RESUME_WITHIN_S * 1000

    async def _ask(self) -> "bool | None":
        job, doses = self._journaled.job, self._journaled.doses
        place = [dose_machine.is_over(dose) for dose in doses].index(False)
        held, dose = job["doses"][place], doses[place]
        mg = held["quantity_mg"] * dose.permitted_ms // dose.target_ms
        return await self._calls.may_resume(job["id"], job["job_key"], held, mg, self._number)
