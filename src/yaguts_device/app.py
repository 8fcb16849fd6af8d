"""The firmware's main loop: fetch a job, journal it, accept it, pour it, report it.

The journal alone decides what comes next, after a boot as well as after a step:

    no job                 ask the server for one
    job not accepted       accept it
    job accepted           pour it; after a boot, ask a person first if the job says so
    all doses over         report it until the report is answered

A press of the button ends every dose that is not over. A hold calls for the set-up, between jobs.

The journal is written before the server is told. An exception that is not handled here goes to
`supervise`, which switches everything off and starts again from the journal.
"""

import asyncio

from yaguts_device.core import dose_machine
from yaguts_device.core.report import build_report
from yaguts_device.flow.button import Button
from yaguts_device.flow.clock import BoardClock
from yaguts_device.flow.factory_reset import forget_if_copied, reset_if_asked
from yaguts_device.flow.offers import Offers
from yaguts_device.flow.parked_reports import ParkedReports
from yaguts_device.flow.pour import Pouring
from yaguts_device.flow.recovery import resume, stop_all
from yaguts_device.flow.resume_consent import ResumeConsent
from yaguts_device.flow.shown import Shown
from yaguts_device.hal import led
from yaguts_device.journal import identity, journal
from yaguts_device.journal.ticks import Ticks
from yaguts_device.net.backoff import backoff_ms, jittered_ms
from yaguts_device.net.errors import LinkError, RefusedByServer, Unauthorised, WrongDates
from yaguts_device.net.link import Address, Link
from yaguts_device.net.server import ServerClient
from yaguts_wire import dispenser_words as w
from yaguts_wire import happenings as h

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Awaitable, Callable

    from yaguts_device.core.held_job import HeldJob
    from yaguts_device.hal.board import Board
    from yaguts_wire.shapes import Message

REPORT_EVERY_MS = 30_000
UNAUTHORISED_MS = 60_000
UNPAIRED_MS = 60_000
AT_LEAST_BETWEEN_POLLS_MS = 1_000
RESET_AFTER_CRASHES = 5


async def supervise(
    board: "Board",
    server: Address,
    code: str = "",
    set_up: "Callable[[], Awaitable[None]] | None" = None,
) -> None:
    """Run the firmware for ever. After an error: everything off, then start from the journal.

    `set_up` is called between jobs when somebody has held the button; the firmware goes on when it
    returns.
    """
    feeding = asyncio.create_task(_feed_watchdog(board)) if board.feed_every_ms else None
    button = Button(board)
    watching = asyncio.create_task(button.watch())
    crashes = 0
    while True:
        board.dark()
        app = None
        try:
            await reset_if_asked(board)
            forget_if_copied(board)
            app = DispenserApp(board, server, code, button, set_up, crashes)
            await app.work()
        except Exception as error:
            board.dark()
            await _give_up(board, app, error)
        crashes += 1
        if crashes >= RESET_AFTER_CRASHES:
            if feeding:
                feeding.cancel()
            watching.cancel()
            board.reset()
        await board.sleep_ms(backoff_ms(board, crashes))


async def _give_up(board: "Board", app: "DispenserApp | None", error: Exception) -> None:
    try:
        board.log("start again after %r" % (error,))
        if app:
            app.shown.show(led.TROUBLE)
            await app.link.close()
    except MemoryError:
        pass


async def _feed_watchdog(board: "Board") -> None:
    """Feed the watchdog for as long as tasks get their turn."""
    while True:
        board.feed()
        await board.sleep_ms(board.feed_every_ms)


class DispenserApp:
    """One start of the firmware on a board. `code` pairs the dispenser if it has no token yet.

    `crashes`: how many starts before it ended in an error.
    """

    def __init__(
        self,
        board: "Board",
        server: Address,
        code: str = "",
        button: "Button | None" = None,
        set_up: "Callable[[], Awaitable[None]] | None" = None,
        crashes: int = 0,
    ) -> None:
        self._board = board
        self._code = code
        self._button = button or Button(board)
        self._set_up = set_up
        self.shown = Shown(board)
        self.shown.show(led.CONNECTING)
        self.shown.panel("start", crashes)
        config = board.flash(identity.NAMESPACE)
        self._identity = identity.Identity(config)
        self.link = Link(board, server)
        self._clock = BoardClock(board, self.link, config)
        self._server = ServerClient(self.link)
        self._server.token = self._identity.token
        flash = board.flash(journal.NAMESPACE)
        self._parked = ParkedReports(board, flash, self._server)
        self._journal = journal.Journal(flash)
        self._journaled = self._journal.load()
        self._ticks = Ticks(board)
        self._offers = Offers(board, self._journal, self._server)
        self._resume_consent: "ResumeConsent | None" = None
        self._heartbeat_at: "int | None" = None
        self._unauthorised = False
        self._failures = 0
        self._useless_offers = 0
        self._ended: "tuple[int, list[int], int] | None" = None

    async def work(self) -> None:
        """Resume the job that the journal holds, then work for ever."""
        journaled = self._journaled
        if journaled and journaled.accepted:
            resume(self._board, self._journal, journaled, self._ticks)
            if journaled.job["asks"] and not journaled.is_over():
                self._resume_consent = ResumeConsent(
                    self._board, self._journal, self._server, journaled
                )
        while True:
            await self._try_step()

    async def _try_step(self) -> None:
        try:
            await self._step()
            self._failures, self._unauthorised = 0, False
        except LinkError as error:
            self._failures += 1
            if isinstance(error, WrongDates):
                self._clock.doubt()
            self._unauthorised = isinstance(error, Unauthorised)
            self.shown.show(led.TROUBLE if self._unauthorised else led.CONNECTING)
            if not self._journaled and self.shown.silent_since is None:
                self.shown.panel("lose", error)
            if self._unauthorised and self._identity.fall_back():
                self._server.token = self._identity.token
                self._unauthorised = self._failures > 1  # neither of the two is known
            self._board.log("not answered: %s" % error)
            await self._board.sleep_ms(self._pause_ms())

    def _pause_ms(self) -> int:
        if self._unauthorised:
            return 0 if self._can_pair() else jittered_ms(self._board, UNAUTHORISED_MS)
        if self._journaled and self._journaled.is_over():
            return jittered_ms(self._board, REPORT_EVERY_MS)
        return backoff_ms(self._board, self._failures)

    async def _step(self) -> None:
        journaled = self._journaled
        await self._heed_button(journaled)
        if journaled and self._may_pour(journaled):
            await self._pour(journaled)
            return
        await self._clock.keep()
        if self._can_pair():
            await self._pair()
        elif not self._server.token:
            self._board.log("not paired: a pairing code is needed")
            self.shown.show(led.SET_UP)
            await self._board.sleep_ms(UNPAIRED_MS)
        elif self._resume_consent:
            if await self._resume_consent.is_settled():
                self._resume_consent = None
        elif journaled is None:
            await self._idle()
        elif journaled.is_over():
            await self._report(journaled)
        else:
            self._journaled = await self._offers.accept(journaled)

    def _may_pour(self, journaled: journal.JournaledJob) -> bool:
        return journaled.accepted and not journaled.is_over() and not self._resume_consent

    async def _heed_button(self, journaled: "journal.JournaledJob | None") -> None:
        """A press stops a job that is not over. A hold calls for the set-up between jobs."""
        button = self._button
        button.in_job = journaled is not None
        if journaled and button.pressed and not journaled.is_over():
            stop_all(self._journal, journaled, dose_machine.STOPPED_HERE)
            self._resume_consent = None
        elif button.held and self._set_up and not journaled:
            self.shown.show(led.SET_UP)
            self.shown.panel("note", h.HELD)
            await self._set_up()
        button.held = False

    # Pairing

    def _can_pair(self) -> bool:
        if self._server.token and not self._unauthorised:
            return False
        return bool(self._code) and not self._identity.is_spent(self._code)

    async def _pair(self) -> None:
        try:
            paired = await self._server.pair(self._board.uid, self._code)
        except RefusedByServer:
            self._board.log("the pairing code is wrong or has expired")
            self.shown.panel("note", h.CODE_REFUSED)
            self._identity.spend(self._code)
            return
        self._identity.keep(paired["token"], paired["heartbeat_s"])
        self._identity.spend(self._code)
        self._server.token = paired["token"]
        self._unauthorised = False

    # Waiting for a job

    async def _idle(self) -> None:
        if self._ended:
            self.shown.panel("end", *self._ended)
            self._ended = None
        await self._heartbeat_if_due()
        await self._parked.repeat_if_due()
        asked_at = self._board.ticks_ms()
        job = await self._server.next_job("")
        self._show_heard({})
        self._clock.prove()
        if job:
            await self._take(job)
            return
        self._useless_offers = 0
        took_ms = self._board.ticks_diff(self._board.ticks_ms(), asked_at)
        if took_ms < AT_LEAST_BETWEEN_POLLS_MS:  # this server does not hold long polls
            await self._board.sleep_ms(AT_LEAST_BETWEEN_POLLS_MS)

    async def _take(self, job: "HeldJob") -> None:
        """Journal the offer. After one that leads nowhere wait, the longer the more there were."""
        self._button.pressed = False  # that was before
        self._journaled = await self._offers.journal_offer(job)
        if self._journaled is None:
            self._useless_offers += 1
            await self._board.sleep_ms(backoff_ms(self._board, self._useless_offers))

    async def _heartbeat_if_due(self) -> None:
        now, last = self._board.ticks_ms(), self._heartbeat_at
        due_ms = self._identity.heartbeat_s * 1000
        if last is None or self._board.ticks_diff(now, last) >= due_ms:
            status = self._status()
            if self.shown.is_untold:
                self.shown.panel("tell", status)
            renew = await self._server.heartbeat(self._parked.tell(status))
            self._heartbeat_at = now
            if w.HAPPENINGS in status:
                self.shown.panel("forget", status[w.HAPPENINGS])
            if last is None:
                self._board.log("claimed by your server")
            self._show_heard(status)
            if renew:
                self._identity.renew(await self._server.new_token())
                self._server.token = self._identity.token

    def _show_heard(self, status: "Message") -> None:
        if self.shown.silent_since is not None:
            self.shown.panel("hear", self.link.place, status)
        self.shown.show(led.IDLE)

    def _status(self) -> "Message":
        try:
            return self._board.status()
        except OSError:  # there is no Wi-Fi yet: nothing that matters
            return {}

    # Pouring and reporting

    async def _pour(self, journaled: journal.JournaledJob) -> None:
        self.shown.is_troubled = False
        self.shown.show(led.POURING)
        button = self._button
        await Pouring(
            self._board, self._journal, self._server, journaled, self._ticks, button
        ).run()

    async def _report(self, journaled: journal.JournaledJob) -> None:
        doubts_ms = self._ticks.doubts_ms(journaled)
        try:
            report = build_report(journaled.job, journaled.doses, doubts_ms)
            await self._server.report(journaled.job["id"], report)
            refused = 0
        except RefusedByServer as error:
            self._parked.park(journaled, doubts_ms, error)
            refused = int(str(error))
        self._journal.remember(journaled)
        self._journal.close(journaled)
        self._journaled = None
        reasons = [dose.reason for dose in journaled.doses if dose.reason]
        self._ended = journaled.job["id"], reasons, refused
