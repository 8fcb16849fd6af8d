"""Turn an offer into a job that may be poured: journal it, then accept it at the server.

The server is asked when one copy of the job is in flash. The other is written while its answer is
on the way. What only a job needs that comes to nothing is imported there.
"""

from yaguts_device.core import dose_machine
from yaguts_device.core.new_job import failed_doses, first_doses
from yaguts_device.net.errors import LinkError, RefusedByServer

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.core.held_job import HeldJob
    from yaguts_device.flow.offer_limit import OfferLimit
    from yaguts_device.hal.board import Board
    from yaguts_device.journal.journal import Journal, JournaledJob
    from yaguts_device.net.job_calls import JobCalls

LONGEST_TTL_S = 86_400


class Offers:
    """Journals and accepts offers. `since_ms`: since when the time to live of the job counts."""

    def __init__(
        self,
        board: "Board",
        journal: "Journal",
        calls: "JobCalls",
        limit: "OfferLimit",
        since_ms: int,
    ) -> None:
        self._board = board
        self._journal = journal
        self._calls = calls
        self._limit = limit
        self._since_ms = since_ms
        self._is_copied = False

    async def journal_offer(self, job: "HeldJob") -> "JournaledJob | None":
        """The job, now once in the journal. None: refused, served before or one too many."""
        if self._journal.was_served(job["job_key"]):
            await self._repeat_report(job)
        elif not self._journal.fits(job):
            await self._refuse(job, dose_machine.NOT_POSSIBLE)
        elif self._limit.is_left():
            return await self._hold(job)
        else:
            self._board.log("too many jobs in an hour: this offer is left to expire")
        return None

    async def accept(self, journaled: "JournaledJob") -> "JournaledJob | None":
        """The job, accepted or over. None when it was refused and nothing had fallen.

        LinkError when the server did not answer.
        """
        try:
            await self._ask(journaled)
        except RefusedByServer:
            return self._give_up(journaled)
        except LinkError:
            self._copy(journaled)  # it may not have come to that
            if self._is_expired(journaled):
                self._expire(journaled)
            raise
        if self._is_expired(journaled):
            return self._expire(journaled)
        if not self._is_copied:
            await self._refuse(journaled.job, dose_machine.NOT_POSSIBLE)
            return None
        self._journal.remember(journaled)
        self._journal.accept(journaled)
        return journaled

    async def _ask(self, journaled: "JournaledJob") -> None:
        """Ask the server to accept the job. Write the rest while its answer is on the way."""
        job, link = journaled.job, self._calls.link
        link.sent = lambda: self._copy(journaled)
        try:
            await self._calls.accept(job["id"], job["job_key"], journaled.acceptance)
        finally:
            link.sent = None

    def _copy(self, journaled: "JournaledJob") -> None:
        try:
            self._journal.note_time(self._board.unix_s())  # an outage is counted from here on
            self._journal.copy(journaled)
            self._is_copied = True
        except OSError as error:  # the flash is full
            self._board.log("not copied: %r" % (error,))

    async def _hold(self, job: "HeldJob") -> "JournaledJob | None":
        try:
            acceptance = self._board.random_bits(30) << 1 | self._board.random_bits(1)
            return self._journal.begin(job, first_doses(job, self._board.jars), acceptance)
        except OSError as error:  # the flash is full
            self._board.log("not journaled: %r" % (error,))
        await self._refuse(job, dose_machine.NOT_POSSIBLE)
        return None

    async def _repeat_report(self, job: "HeldJob") -> None:
        """A served job never starts again. Report it again as it ended, if that is still known."""
        last = self._journal.last_closed(job["job_key"])
        if last and len(last.doses) == len(job["doses"]):
            from yaguts_device.core.report import build_report

            await self._calls.report(job["id"], build_report(job, last.doses))
        else:
            await self._refuse(job, dose_machine.REPEATED)

    async def _refuse(self, job: "HeldJob", reason: int) -> None:
        from yaguts_device.core.report import build_report

        report = build_report(job, failed_doses(job, reason))
        await self._calls.report(job["id"], report)

    def _is_expired(self, journaled: "JournaledJob") -> bool:
        held_ms = self._board.ticks_diff(self._board.ticks_ms(), self._since_ms)
        return held_ms > min(journaled.job["ttl_s"], LONGEST_TTL_S) * 1000

    def _give_up(self, journaled: "JournaledJob") -> "JournaledJob | None":
        """The server refused to start the job. Close it, unless something may have fallen."""
        if journaled.is_untouched():
            self._journal.close(journaled)
            return None
        return self._expire(journaled)

    def _expire(self, journaled: "JournaledJob") -> "JournaledJob":
        from yaguts_device.flow.job.recovery import stop_all

        stop_all(self._journal, journaled, dose_machine.EXPIRED)
        return journaled
