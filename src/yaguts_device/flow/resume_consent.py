"""After an outage in mid-job, if the job says so: nothing moves until a person says whether to."""

from yaguts_device.core import dose_machine
from yaguts_device.flow.recovery import RESUME_WITHIN_S, stop_all

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board
    from yaguts_device.journal.journal import Journal, Record
    from yaguts_device.net.server import ServerClient

ASK_EVERY_MS = 5_000
_BITS = 30


class ResumeConsent:
    """What one boot asks. Its number is its own: what was said to an earlier one does not count."""

    def __init__(
        self, board: "Board", journal: "Journal", server: "ServerClient", record: "Record"
    ) -> None:
        self._board = board
        self._journal = journal
        self._server = server
        self._record = record
        self._number = board.random_bits(_BITS) + 1
        self._since = board.ticks_ms()

    async def is_settled(self) -> bool:
        """Ask once. Whether to go on with what the journal has: the job, or its end.

        Without an answer for as long as an outage may last the job ends as interrupted.
        """
        if self._is_late():
            stop_all(self._journal, self._record, dose_machine.INTERRUPTED)
            return True
        word = await self._ask()
        if word is None:
            await self._board.sleep_ms(ASK_EVERY_MS)
        elif not word:
            stop_all(self._journal, self._record, dose_machine.CANCELLED)
        return word is not None

    def _is_late(self) -> bool:
        waited_ms = self._board.ticks_diff(self._board.ticks_ms(), self._since)
        return waited_ms > RESUME_WITHIN_S * 1000

    async def _ask(self) -> "bool | None":
        plan, doses = self._record.plan, self._record.doses
        place = [dose_machine.is_over(dose) for dose in doses].index(False)
        planned, dose = plan["doses"][place], doses[place]
        mg = planned["quantity_mg"] * dose.granted_ms // dose.target_ms
        return await self._server.may_resume(plan["id"], plan["job_key"], planned, mg, self._number)
