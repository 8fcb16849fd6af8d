"""From a job on offer to one that may be poured: journaled first, then agreed to."""

from yaguts_device.core import dose_machine
from yaguts_device.core.held_job import failed_doses, first_doses
from yaguts_device.core.report import build_report
from yaguts_device.flow.recovery import stop_all
from yaguts_device.net.errors import LinkError, RefusedByServer

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.core.held_job import HeldJob
    from yaguts_device.hal.board import Board
    from yaguts_device.journal.journal import Journal, Record
    from yaguts_device.net.server import ServerClient

LONGEST_TTL_S = 86_400


class Offers:
    """Takes offers and asks for consent. A job held since before this boot counts from the boot."""

    def __init__(self, board: "Board", journal: "Journal", server: "ServerClient") -> None:
        self._board = board
        self._journal = journal
        self._server = server
        self._held_since = board.ticks_ms()

    async def take(self, plan: "HeldJob") -> "Record | None":
        """The job, journaled; None when it was refused, or served before."""
        if self._journal.was_served(plan["job_key"]):
            await self._repeat_report(plan)
        elif self._journal.fits(plan):
            return await self._hold(plan)
        else:
            await self._refuse(plan, dose_machine.NOT_POSSIBLE)
        return None

    async def ask_consent(self, record: "Record") -> "Record | None":
        """The job, accepted or over; None when it is forgotten, as nothing of it fell."""
        try:
            await self._server.accept(record.plan["id"], record.plan["job_key"])
        except RefusedByServer:
            return self._give_up(record)
        except LinkError:
            if self._is_expired(record):
                stop_all(self._journal, record, dose_machine.EXPIRED)
            raise
        if self._is_expired(record):
            stop_all(self._journal, record, dose_machine.EXPIRED)
            return record
        self._journal.note_time(self._board.unix_s())
        self._journal.remember(record)
        self._journal.accept(record)
        return record

    async def _hold(self, plan: "HeldJob") -> "Record | None":
        self._held_since = self._board.ticks_ms()
        try:
            return self._journal.begin(plan, first_doses(plan, self._board.jars))
        except OSError as error:  # no room after all
            self._board.log("not journaled: %r" % (error,))
        await self._refuse(plan, dose_machine.NOT_POSSIBLE)
        return None

    async def _repeat_report(self, plan: "HeldJob") -> None:
        """A served job is never started again. What became of it is said again, if still known."""
        last = self._journal.last_closed(plan["job_key"])
        if last and len(last.doses) == len(plan["doses"]):
            await self._server.report(plan["id"], build_report(plan, last.doses))
        else:
            await self._refuse(plan, dose_machine.REPEATED)

    async def _refuse(self, plan: "HeldJob", reason: int) -> None:
        report = build_report(plan, failed_doses(plan, reason))
        await self._server.report(plan["id"], report)

    def _is_expired(self, record: "Record") -> bool:
        held_ms = self._board.ticks_diff(self._board.ticks_ms(), self._held_since)
        return held_ms > min(record.plan["ttl_s"], LONGEST_TTL_S) * 1000

    def _give_up(self, record: "Record") -> "Record | None":
        """The server no longer wants the job. Forget it, unless something may have fallen."""
        if record.is_untouched():
            self._journal.close(record)
            return None
        stop_all(self._journal, record, dose_machine.EXPIRED)
        return record
