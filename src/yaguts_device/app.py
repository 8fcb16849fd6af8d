"""The firmware's main loop: wait for a job, and serve it step by step.

What comes next of a job stands in `flow.job.steps`. A hold of the button calls for the set-up,
between jobs.

The journal is written before the server is told. An exception that is not handled here goes to
`supervise`, which switches everything off and starts again from the journal.
"""

import asyncio

from yaguts_device.flow.button import Button
from yaguts_device.flow.clock import BoardClock
from yaguts_device.flow.offer_limit import OfferLimit
from yaguts_device.flow.parked import Parked
from yaguts_device.flow.shown import Shown
from yaguts_device.hal import led
from yaguts_device.journal import identity
from yaguts_device.net.address import Address
from yaguts_device.net.backoff import backoff_ms, jittered_ms
from yaguts_device.net.errors import LinkError, Unauthorised, WrongDates
from yaguts_device.net.link import Link
from yaguts_device.net.server import ServerClient
from yaguts_device.phases import Phase
from yaguts_wire import happenings as h
from yaguts_wire.limits import MAX_POLL_S

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Awaitable, Callable

    from yaguts_device.flow.job.steps import JobSteps
    from yaguts_device.flow.updates import Updates
    from yaguts_device.hal.board import Board
    from yaguts_wire.shapes import Message

REPORT_EVERY_MS = 30_000
UNAUTHORISED_MS = 60_000
UNPAIRED_MS = 60_000
LOOK_MS = 1_000
"""So often a pause looks for the button."""
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
        app, given_up = None, False
        try:
            await _forget_if_asked(board)
            app = DispenserApp(board, server, code, button, set_up, crashes)
            await app.work()
        except Exception as error:
            board.dark()
            given_up = await _give_up(board, app, error)
        crashes += 1
        if given_up or crashes >= RESET_AFTER_CRASHES:
            if feeding:
                feeding.cancel()
            watching.cancel()
            board.reset()
        await board.sleep_ms(backoff_ms(board, crashes))


async def _forget_if_asked(board: "Board") -> None:
    with Phase():
        from yaguts_device.flow import factory_reset

        await factory_reset.reset_if_asked(board)
        factory_reset.forget_if_copied(board)


async def _give_up(board: "Board", app: "DispenserApp | None", error: Exception) -> bool:
    """Whether the loader says what starts after this crash. Without memory `supervise` counts."""
    try:
        board.log("start again after %r" % (error,))
        held = app is not None and app.holds_job()
        if app:
            app.let_go()
            app.shown.show(led.TROUBLE)
            await app.link.close()
        with Phase():
            from yaguts_device.update.crash import has_failed_untried

            return has_failed_untried(board, held)
    except MemoryError:
        return False


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
        with Phase():
            self._identity = identity.Identity(board.flash(identity.NAMESPACE))
        self.link = Link(board, server)
        self._clock = BoardClock(board, self.link)
        self._server = ServerClient(self.link)
        self._server.token = self._identity.token
        self._parked = Parked(board)
        self._limit = OfferLimit(board)
        self._phase = Phase()
        self._updates: "Updates | None" = None
        self._trial: "tuple[int, int, int, bool] | None" = None
        self._heard = self._took = self._reported = False
        self._job: "JobSteps | None" = None
        self._heartbeat_at: "int | None" = None
        self._unauthorised = False
        self._failures = 0
        self._useless_offers = 0
        self._ended: "tuple[int, list[int], int] | None" = None
        with Phase():
            from yaguts_device.flow.job import parked_reports

            parked_reports.mend_all(self._parked)
        self._load_job()

    def _load_job(self) -> "JobSteps":
        """What a job needs, from here to `let_go`. There is no room for updates beside it."""
        self.let_go()
        self._phase.begin()
        from yaguts_device.flow.job.steps import JobSteps

        self._job = JobSteps(
            self._board, self._server, self._button, self.shown, self._parked, self._limit
        )
        return self._job

    def holds_job(self) -> bool:
        """Whether there is a job whose report was not answered."""
        return self._job is not None and self._job.is_held()

    def let_go(self) -> None:
        """Let go what a job needs, or what updates need: only one of the two is there."""
        if self._job:
            self._ended, self._job = self._job.ended, None
            if self._ended and not self._ended[2]:
                self._reported = self._took
        elif self._updates:
            self._trial, self._updates = self._updates.trial(), None
        else:
            return
        self._phase.end()

    def _load_updates(self) -> None:
        self._phase.begin()
        from yaguts_device.flow.updates import Updates

        self._updates = Updates(self._board, self._server, self._clock, self._trial)

    async def work(self) -> None:
        """Resume the job that the journal holds, then work for ever."""
        if self._job:
            self._job.resume()
        while True:
            if self._job and not self._job.is_held():
                self.let_go()
            if self._board.slot and not self._job and not self._updates:
                self._load_updates()
            await self._try_step()
            if self._updates:
                self._updates.look(self._heard, self._reported, self._failures)

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
            if not self._job and self.shown.silent_since is None:
                self.shown.panel("lose", error)
            if self._unauthorised and self._identity.fall_back():
                self._server.token = self._identity.token
                self._unauthorised = self._failures > 1  # neither of the two is known
            self._board.log("not answered: %s" % error)
            await self._pause(self._pause_ms())

    async def _pause(self, ms: int) -> None:
        """Wait, unless somebody holds the button: then they wait for the set-up."""
        while ms > 0 and not self._button.held:
            await self._board.sleep_ms(min(ms, LOOK_MS))
            ms -= LOOK_MS

    def _pause_ms(self) -> int:
        if self._unauthorised:
            return 0 if self._can_pair() else jittered_ms(self._board, UNAUTHORISED_MS)
        if self._job and self._job.is_over():
            return jittered_ms(self._board, REPORT_EVERY_MS)
        return backoff_ms(self._board, self._failures)

    async def _step(self) -> None:
        await self._heed_button()
        if self._job and self._job.may_pour():
            await self._job.pour()
            return
        await self._clock.keep()
        if self._can_pair():
            await self._pair()
        elif not self._server.token:
            self._board.log("not paired: a pairing code is needed")
            self.shown.show(led.SET_UP)
            await self._pause(UNPAIRED_MS)
        elif self._job:
            await self._job.step()
        else:
            await self._idle()

    async def _heed_button(self) -> None:
        """A press stops a job that is not over. A hold calls for the set-up when none is left."""
        button = self._button
        button.in_job = self._job is not None and not self._job.is_over()
        if self._job:
            self._job.heed_button()
        wanted, button.held = button.held, False
        if wanted and self._set_up and not button.in_job:
            self.shown.show(led.SET_UP)
            self.shown.panel("note", h.HELD)
            await self._set_up()

    # Pairing

    def _can_pair(self) -> bool:
        if self._server.token and not self._unauthorised:
            return False
        return bool(self._code) and not self._identity.is_spent(self._code)

    async def _pair(self) -> None:
        with Phase():
            from yaguts_device.flow.pairing import pair

            if await pair(self._board, self._server, self._identity, self._code, self.shown):
                self._unauthorised = False

    # Waiting for a job

    async def _idle(self) -> None:
        if self._ended:
            self.shown.panel("end", *self._ended)
            self._ended = None
        await self._heartbeat_if_due()
        if self._parked.is_due():
            await self._repeat_parked()
        asked_at = self._board.ticks_ms()
        message = await self._server.next_job(
            "", self._updates.poll_s() if self._updates else MAX_POLL_S
        )
        offer = self._read(message) if message else None
        self.shown.hear(self.link.place, {})
        self._clock.prove()
        self._heard = True
        if offer:
            await self._take(offer)
            return
        self._useless_offers = 0
        if self._updates:
            await self._updates.step()
        took_ms = self._board.ticks_diff(self._board.ticks_ms(), asked_at)
        if took_ms < AT_LEAST_BETWEEN_POLLS_MS:  # this server does not hold long polls
            await self._board.sleep_ms(AT_LEAST_BETWEEN_POLLS_MS)

    def _read(self, message: "Message") -> bytes:
        with Phase():
            from yaguts_device.flow.job.offer_reading import packed_offer

            return packed_offer(message)

    async def _take(self, packed: bytes) -> None:
        """Take the offer. After one that leads nowhere wait, the longer the more there were."""
        self._button.pressed = False  # that was before
        self._took = True
        if not await self._load_job().take(packed):
            self._useless_offers += 1
            await self._board.sleep_ms(backoff_ms(self._board, self._useless_offers))

    async def _repeat_parked(self) -> None:
        with Phase():
            from yaguts_device.flow.job.parked_reports import repeat
            from yaguts_device.net.job_calls import JobCalls

            await repeat(self._parked, JobCalls(self._server))

    async def _heartbeat_if_due(self) -> None:
        now, last = self._board.ticks_ms(), self._heartbeat_at
        due_ms = self._identity.heartbeat_s * 1000
        if last is None or self._board.ticks_diff(now, last) >= due_ms:
            renew = await self._heartbeat(last is None)
            self._heartbeat_at = now
            if renew:
                await self._renew_token()

    async def _heartbeat(self, first: bool) -> bool:
        with Phase():
            from yaguts_device.flow.heartbeat import beat

            return await beat(self._server, self._parked, self.shown, self._updates, first)

    async def _renew_token(self) -> None:
        with Phase():
            from yaguts_device.net.token_calls import new_token

            self._identity.renew(await new_token(self._server))
        self._server.token = self._identity.token
