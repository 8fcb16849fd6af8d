"""The dispenser's life: fetch a job, journal it, get consent, pour it, report it. For ever.

What it does next follows from the journal alone, so that it makes no difference whether it got
there by working or by booting:

    nothing held        ask for a job       held, not accepted   ask for consent
    accepted            pour                all doses over       report until answered
    accepted, after a boot, and a job that says so: ask a person first

The journal is written first and the world is told after. Nothing here catches more than it must:
an exception is the supervisor's, who switches everything off and starts from the journal again.
"""

import asyncio

from yaguts_device.core.report import build_report
from yaguts_device.flow.factory_reset import reset_if_asked
from yaguts_device.flow.offers import Offers
from yaguts_device.flow.pour import Pouring
from yaguts_device.flow.recovery import resume
from yaguts_device.flow.resume_consent import ResumeConsent
from yaguts_device.journal import identity, journal
from yaguts_device.journal.ticks import Ticks
from yaguts_device.net.backoff import backoff_ms, jittered_ms
from yaguts_device.net.errors import LinkError, RefusedByServer, Unauthorised
from yaguts_device.net.link import Address, Link
from yaguts_device.net.server import ServerClient

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board

REPORT_EVERY_MS = 30_000
UNAUTHORISED_MS = 60_000
UNCLAIMED_MS = 60_000
AT_LEAST_BETWEEN_POLLS_MS = 1_000
RESET_AFTER_CRASHES = 5


async def supervise(board: "Board", server: Address, code: str = "") -> None:
    """Run the firmware for ever. Whatever goes wrong: everything off, then the journal decides."""
    feeding = asyncio.create_task(_feed(board)) if board.feed_every_ms else None
    crashes = 0
    board.dark()
    await reset_if_asked(board)
    while True:
        board.dark()
        app = None
        try:
            app = DispenserApp(board, server, code)
            await app.work()
        except Exception as error:
            board.dark()
            board.log("start again after %r" % (error,))
        if app:
            await app.link.close()
        crashes += 1
        if crashes >= RESET_AFTER_CRASHES:
            if feeding:
                feeding.cancel()
            board.reset()
        await board.sleep_ms(backoff_ms(board, crashes))


async def _feed(board: "Board") -> None:
    """Proof to the watchdog that tasks get their turn."""
    while True:
        board.feed()
        await board.sleep_ms(board.feed_every_ms)


class DispenserApp:
    """One boot of the firmware on a board. `code` claims the dispenser if it has no token yet."""

    def __init__(self, board: "Board", server: Address, code: str = "") -> None:
        self._board = board
        self._code = code
        self._identity = identity.Identity(board.flash(identity.NAMESPACE))
        self.link = Link(board, server)
        self._server = ServerClient(self.link)
        self._server.token = self._identity.token
        self._journal = journal.Journal(board.flash(journal.NAMESPACE))
        self._record = self._journal.load()
        self._ticks = Ticks(board)
        self._offers = Offers(board, self._journal, self._server)
        self._question: "ResumeConsent | None" = None
        self._beaten_at: "int | None" = None
        self._unauthorised = False
        self._failures = 0

    async def work(self) -> None:
        """Take up what the journal holds, then work for ever."""
        record = self._record
        if record and record.accepted:
            resume(self._board, self._journal, record, self._ticks)
            if record.plan["asks"] and not record.is_over():
                self._question = ResumeConsent(self._board, self._journal, self._server, record)
        while True:
            await self._try_step()

    async def _try_step(self) -> None:
        try:
            await self._step()
            self._failures, self._unauthorised = 0, False
        except LinkError as error:
            self._failures += 1
            self._unauthorised = isinstance(error, Unauthorised)
            if self._unauthorised and self._identity.fall_back():
                self._server.token, self._unauthorised = self._identity.token, False
            self._board.log("not answered: %s" % error)
            await self._board.sleep_ms(self._pause_ms())

    def _pause_ms(self) -> int:
        if self._unauthorised:
            return 0 if self._can_claim() else jittered_ms(self._board, UNAUTHORISED_MS)
        if self._record and self._record.is_over():
            return jittered_ms(self._board, REPORT_EVERY_MS)
        return backoff_ms(self._board, self._failures)

    async def _step(self) -> None:
        record = self._record
        if record and record.accepted and not record.is_over() and not self._question:
            await self._pour(record)
        elif self._can_claim():
            await self._claim()
        elif not self._server.token:
            self._board.log("not claimed: a claim code is needed")
            await self._board.sleep_ms(UNCLAIMED_MS)
        elif self._question:
            if await self._question.is_settled():
                self._question = None
        elif record is None:
            await self._idle()
        elif record.is_over():
            await self._report(record)
        else:
            self._record = await self._offers.ask_consent(record)

    # Becoming somebody's dispenser

    def _can_claim(self) -> bool:
        if self._server.token and not self._unauthorised:
            return False
        return bool(self._code) and not self._identity.is_spent(self._code)

    async def _claim(self) -> None:
        try:
            claimed = await self._server.claim(self._board.uid, self._code)
        except RefusedByServer:
            self._board.log("the claim code is wrong or has expired")
            self._identity.spend(self._code)
            return
        self._identity.keep(claimed["token"], claimed["heartbeat_s"])
        self._identity.spend(self._code)
        self._server.token = claimed["token"]
        self._unauthorised = False

    # Waiting for a job

    async def _idle(self) -> None:
        if self._board.unix_s() is None:
            self._board.set_clock(await self._server.time())
        await self._beat_if_due()
        asked_at = self._board.ticks_ms()
        plan = await self._server.next_job("")
        if plan:
            self._record = await self._offers.take(plan)
            return
        took_ms = self._board.ticks_diff(self._board.ticks_ms(), asked_at)
        if took_ms < AT_LEAST_BETWEEN_POLLS_MS:  # this server does not hold polls
            await self._board.sleep_ms(AT_LEAST_BETWEEN_POLLS_MS)

    async def _beat_if_due(self) -> None:
        now, last = self._board.ticks_ms(), self._beaten_at
        due_ms = self._identity.heartbeat_s * 1000
        if last is None or self._board.ticks_diff(now, last) >= due_ms:
            renew = await self._server.beat(self._board.status())
            self._beaten_at = now
            if renew:
                self._identity.renew(await self._server.new_token())
                self._server.token = self._identity.token

    # Pouring and reporting

    async def _pour(self, record: journal.Record) -> None:
        await Pouring(self._board, self._journal, self._server, record, self._ticks).run()

    async def _report(self, record: journal.Record) -> None:
        try:
            doubts_ms = self._ticks.doubts_ms(record)
            report = build_report(record.plan, record.doses, doubts_ms)
            await self._server.report(record.plan["id"], report)
        except RefusedByServer:  # the job is another owner's: this dispenser was claimed anew since
            self._board.log("the report is not wanted: the job is somebody else's")
        self._journal.remember(record)
        self._journal.close(record)
        self._record = None
