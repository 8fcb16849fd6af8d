"""The steps of the job that the dispenser holds, from its offer to its answered report.

The journal alone decides what comes next, after a boot as well as after a step:

    job not accepted       accept it
    job accepted           pour it; after a boot, ask a person first if the job says so
    all doses over         report it until the report is answered

A press of the button ends every dose that is not over. All of this is loaded while there is a job.
"""

from yaguts_device.core import dose_machine
from yaguts_device.core.held_job import unpack_job
from yaguts_device.hal import led
from yaguts_device.journal import journal
from yaguts_device.net.errors import RefusedByServer
from yaguts_device.net.job_calls import JobCalls
from yaguts_device.phases import Phase

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.flow.button import Button
    from yaguts_device.flow.job.offers import Offers
    from yaguts_device.flow.job.resume_consent import ResumeConsent
    from yaguts_device.flow.offer_limit import OfferLimit
    from yaguts_device.flow.parked import Parked
    from yaguts_device.flow.shown import Shown
    from yaguts_device.hal.board import Board
    from yaguts_device.journal.ticks import Ticks
    from yaguts_device.net.server import ServerClient


class JobSteps:
    """The job in the journal of one board, if there is one."""

    def __init__(
        self,
        board: "Board",
        server: "ServerClient",
        button: "Button",
        shown: "Shown",
        parked: "Parked",
        limit: "OfferLimit",
    ) -> None:
        self._board = board
        self._calls = JobCalls(server)
        self._button = button
        self._shown = shown
        self._parked = parked
        self._journal = journal.Journal(board.flash(journal.NAMESPACE))
        self._journaled: "journal.JournaledJob | None" = None
        self._ticks: "Ticks | None" = None
        self._limit = limit
        self._since_ms = board.ticks_ms()
        """After a boot, the job's time to live counts from the boot."""
        self._resume_consent: "ResumeConsent | None" = None
        self.ended: "tuple[int, list[int], int] | None" = None
        """Of a job that was reported: its id, the reasons of its faults, how it was refused."""

    def is_held(self) -> bool:
        """Whether there is a job. It ends when its report is answered, or it may not start."""
        return self._journaled is not None

    def is_over(self) -> bool:
        """Whether there is a job that waits for its report to be answered."""
        return self._journaled is not None and self._journaled.is_over()

    def may_pour(self) -> bool:
        """Whether the next step is to pour."""
        journaled = self._journaled
        if journaled is None or self._resume_consent:
            return False
        return journaled.accepted and not journaled.is_over()

    def resume(self) -> None:
        """After a boot: load the job of the journal, and go on with one that was accepted."""
        self._journaled = journaled = self._journal.load()
        if journaled and journaled.accepted:
            ticks = self._load_ticks()
            with Phase():
                from yaguts_device.flow.job.recovery import resume

                resume(self._board, self._journal, journaled, ticks)
            if journaled.job["asks"] and not journaled.is_over():
                from yaguts_device.flow.job.resume_consent import ResumeConsent

                self._resume_consent = ResumeConsent(
                    self._board, self._journal, self._calls, journaled
                )

    def heed_button(self) -> None:
        """A press stops a job that is not over."""
        if self._journaled and self._button.pressed and not self._journaled.is_over():
            with Phase():
                from yaguts_device.flow.job.recovery import stop_all

                stop_all(self._journal, self._journaled, dose_machine.STOPPED_HERE)
            self._resume_consent = None

    async def take(self, packed: bytes) -> bool:
        """Journal the packed offer if it may be poured, and have it accepted.

        Whether it was journaled. LinkError when the server did not answer.
        """
        self._since_ms = self._board.ticks_ms()
        with Phase():
            offers = self._offers()
            self._journaled = await offers.journal_offer(unpack_job(packed))
            if self._journaled is None:
                return False
            self._button.in_job = True
            self._journaled = await offers.accept(self._journaled)
            return True

    async def step(self) -> None:
        """Do what comes next, if it is not to pour."""
        journaled = self._journaled
        if journaled is None:
            return
        if self._resume_consent:
            if await self._resume_consent.is_settled():
                self._resume_consent = None
        elif journaled.is_over():
            await self._report(journaled)
        else:
            with Phase():
                self._journaled = await self._offers().accept(journaled)

    async def pour(self) -> None:
        """Pour until every dose is over."""
        assert self._journaled
        self._shown.is_troubled = False
        self._shown.show(led.POURING)
        ticks = self._load_ticks()
        with Phase():
            from yaguts_device.flow.job.pour import Pouring

            await Pouring(
                self._board, self._journal, self._calls, self._journaled, ticks, self._button
            ).run()

    def _load_ticks(self) -> "Ticks":
        if self._ticks is None:
            from yaguts_device.journal.ticks import Ticks

            self._ticks = Ticks(self._board)
        return self._ticks

    def _offers(self) -> "Offers":
        from yaguts_device.flow.job.offers import Offers

        return Offers(self._board, self._journal, self._calls, self._limit, self._since_ms)

    async def _report(self, journaled: "journal.JournaledJob") -> None:
        doubts_ms = self._load_ticks().doubts_ms(journaled)
        try:
            with Phase():
                from yaguts_device.core.report import build_report

                report = build_report(journaled.job, journaled.doses, doubts_ms)
                await self._calls.report(journaled.job["id"], report)
            refused = 0
        except RefusedByServer as error:
            with Phase():
                from yaguts_device.flow.job.parked_reports import park

                park(self._parked, journaled, doubts_ms, error)
            refused = int(str(error))
        self._journal.remember(journaled)
        self._journal.close(journaled)
        self._journaled = None
        reasons = [dose.reason for dose in journaled.doses if dose.reason]
        self.ended = journaled.job["id"], reasons, refused
