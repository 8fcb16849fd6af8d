"""The mutants of the firmware's loop: booting, accepting, reporting, hearing the server."""

# pyright: basic, reportPrivateUsage=false, reportUnknownMemberType=false

from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any

from yaguts_device import app
from yaguts_device.core import report
from yaguts_device.flow import (
    button,
    clock,
    factory_reset,
    heartbeat,
    offer_limit,
    panel,
    shown,
    time_setting,
)
from yaguts_device.flow.job import parked_reports, progress
from yaguts_device.flow.job import steps as job
from yaguts_device.net import answer, errors, job_calls, link
from yaguts_sim.faults.kinds import FaultKind
from yaguts_sim.mutants.mutant import Mutant, Replaced
from yaguts_sim.setup import shared
from yaguts_wire import messages, words


def _report_without_its_key() -> list[Replaced]:
    build_report = report.build_report

    def keyless(*what: Any) -> Any:
        message = build_report(*what)
        del message[words.JOB_KEY]
        return message

    return [(report, "build_report", keyless)]


def _nobody_restarts_it() -> list[Replaced]:
    async def alone(board: Any, code: str) -> None:
        board.dark()
        await app.DispenserApp(board, board.server, code).work()

    return _started_by(alone)


def _consent_not_awaited() -> list[Replaced]:
    accept = job_calls.JobCalls.accept

    async def careless(self: Any, job_id: int, job_key: str, number: int) -> None:
        with suppress(errors.LinkError):
            await accept(self, job_id, job_key, number)

    return [(job_calls.JobCalls, "accept", careless)]


def _number_drawn_at_each_accept() -> list[Replaced]:
    accept = job_calls.JobCalls.accept
    drawn = count(1)

    async def forgetful(self: Any, job_id: int, job_key: str, _number: int) -> None:
        await accept(self, job_id, job_key, next(drawn))

    return [(job_calls.JobCalls, "accept", forgetful)]


def _copied_flash_kept() -> list[Replaced]:
    return [(factory_reset, "forget_if_copied", lambda _board: None)]


def _refused_report_forgotten() -> list[Replaced]:
    return [(parked_reports, "park", lambda *_what: None)]


def _refused_report_repeated_for_ever() -> list[Replaced]:
    report = job_calls.JobCalls.report

    async def stubborn(self: Any, job_id: int, message: Any) -> None:
        try:
            await report(self, job_id, message)
        except errors.RefusedByServer as error:
            raise errors.LinkError("refused") from error

    return [(job_calls.JobCalls, "report", stubborn)]


def _consent_to_anything() -> list[Replaced]:
    return [(messages, "read_accepted", lambda _message, _key: True)]


def _report_dropped_before_its_answer() -> list[Replaced]:
    original = job.JobSteps._report

    async def hasty(self: Any, record: Any) -> None:
        self._journal.close(record)
        await original(self, record)

    return [(job.JobSteps, "_report", hasty)]


def _any_200_books_the_report() -> list[Replaced]:
    return [(messages, "read_ok", lambda _message: True)]


def _pages_count_as_answers() -> list[Replaced]:
    decode = link.decode

    def trusting(body: bytes) -> Any:
        return decode(body) if body.startswith(b"{") else {"ok": True, "stock_deducted": True}

    return [
        (answer, "_insist_on_message", lambda _status, _kind: None),
        (link, "decode", trusting),
    ]


def _time_asked_for_once() -> list[Replaced]:
    keep = clock.BoardClock.keep

    async def once(self: Any) -> None:
        if not (self._failures or self._answered):
            await keep(self)

    return [(clock.BoardClock, "keep", once)]


def _any_time_believed() -> list[Replaced]:
    return [(time_setting, "RELEASED_S", 0)]


def _signal_strength_trusted() -> list[Replaced]:
    """The time is asked for, and so the Wi-Fi brought up, only as long as there is none."""
    keep = clock.BoardClock.keep

    async def while_there_is_none(self: Any) -> None:
        if self._board.unix_s() is None:
            await keep(self)

    return [
        (heartbeat, "_status", lambda board: board.status()),
        (clock.BoardClock, "keep", while_there_is_none),
    ]


def _led_trusted() -> list[Replaced]:
    def show(self: Any, state: int) -> None:
        if state != self.state:
            self.state = state
            self.board.light(state)

    return [(shown.Shown, "show", show)]


def _panel_trusted() -> list[Replaced]:
    def trusting(self: Any, name: str, *what: Any) -> None:
        getattr(panel, name)(self, *what)

    return [(shown.Shown, "panel", trusting)]


def _button_trusted() -> list[Replaced]:
    async def watch(self: Any) -> None:
        while True:
            await self._board.button_down()
            await self._hear()

    return [(button.Button, "watch", watch)]


def _progress_may_lack_memory() -> list[Replaced]:
    broken = tuple(kind for kind in link.BROKEN if kind is not MemoryError)
    return [
        (link, "BROKEN", broken),
        (progress.ProgressReporter, "_send", progress.ProgressReporter._try_to_send),
    ]


def _served_offers_answered_at_once() -> list[Replaced]:
    async def hasty(self: Any, packed: bytes) -> None:
        await self._load_job().take(packed)

    return [(app.DispenserApp, "_take", hasty)]


def _new_jobs_not_counted() -> list[Replaced]:
    return [(offer_limit.OfferLimit, "is_left", lambda _self: True)]


def _token_erased_on_401() -> list[Replaced]:
    step = app.DispenserApp._try_step

    async def erase(self: Any) -> None:
        await step(self)
        if self._unauthorised:
            self._server.token = ""

    return [(app.DispenserApp, "_try_step", erase)]


def _left_over_bytes_kept() -> list[Replaced]:
    return [(answer.Inbox, "is_empty", lambda _self: True)]


def _outputs_not_cleared_on_boot() -> list[Replaced]:
    async def careless(board: Any, code: str) -> None:
        board.dark = lambda: None
        await app.supervise(board, board.server, code)

    return _started_by(careless)


def _outputs_cleared_late() -> list[Replaced]:
    async def slow(board: Any, code: str) -> None:
        await board.sleep_ms(400)
        board.dark()
        await app.supervise(board, board.server, code)

    return _started_by(slow)


def _started_by(start: Callable[[Any, str], Any]) -> list[Replaced]:
    """Replace the program of a boot; it takes the board and a pairing code."""

    def firmware(code: str = "") -> Any:
        return lambda board: start(board, code)

    return [(shared, "firmware", firmware)]


LOOP_MUTANTS = {
    "report without its key": Mutant(
        "a report does not say which job it means", ("I9",), 20, _report_without_its_key
    ),
    "nobody restarts it": Mutant(
        "an error ends the firmware",
        ("I8",),
        200,
        _nobody_restarts_it,
        {FaultKind.FLASH_FULL: 0.95},
    ),
    "consent not awaited": Mutant(
        "no answer is taken for a yes", ("I7", "I1", "I4"), 100, _consent_not_awaited
    ),
    "number drawn at each accept": Mutant(
        "whoever missed the answer is refused what it may start",
        ("I8",),
        200,
        _number_drawn_at_each_accept,
        {FaultKind.BROKEN_ANSWER: 0.95},
    ),
    "copied flash kept": Mutant(
        "a copied flash goes on with the other board's job",
        ("I4", "I7"),
        400,
        _copied_flash_kept,
        {FaultKind.FLASH_COPIED: 0.95},
    ),
    "refused report forgotten": Mutant(
        "a report that is refused is dropped",
        ("I8",),
        200,
        _refused_report_forgotten,
        {FaultKind.REPORTS_REFUSED: 0.95},
    ),
    "refused report repeated for ever": Mutant(
        "a dispenser whose report is refused takes no other job",
        ("I8",),
        200,
        _refused_report_repeated_for_ever,
        {FaultKind.REPORTS_REFUSED: 0.95},
    ),
    "consent to anything": Mutant(
        "any JSON with 200 is taken for a yes",
        ("I7", "I4", "I1"),
        2000,
        _consent_to_anything,
        rare_before=700,
    ),
    "report dropped early": Mutant(
        "the journal is closed, then the report is sent",
        ("I8",),
        60,
        _report_dropped_before_its_answer,
    ),
    "any 200 books the report": Mutant(
        "JSON from anybody ends the report",
        ("I8",),
        200,
        _any_200_books_the_report,
        {FaultKind.FOREIGN_ANSWER: 0.95},
    ),
    "pages count as answers": Mutant(
        "a captive portal's page ends the report",
        ("I8",),
        200,
        _pages_count_as_answers,
        {FaultKind.FOREIGN_ANSWER: 0.95},
    ),
    "token erased on 401": Mutant(
        "one 401 makes a stranger of it, as in v0.1", ("I8",), 300, _token_erased_on_401
    ),
    "left-over bytes kept": Mutant(
        "an answer is taken for the next one's",
        ("I7", "I8"),
        400,
        _left_over_bytes_kept,
        {FaultKind.DOUBLE_ANSWER: 0.9, FaultKind.CANCEL: 0.9},
    ),
    "outputs not cleared on boot": Mutant(
        "relays stay on after a reset", ("I3", "I2"), 20, _outputs_not_cleared_on_boot
    ),
    "outputs cleared late": Mutant(
        "the boot does something else first", ("I3",), 20, _outputs_cleared_late
    ),
    "time asked for once": Mutant(
        "who did not answer at boot is never asked again",
        ("I8",),
        100,
        _time_asked_for_once,
        {FaultKind.NO_TIME: 0.95},
    ),
    "any time believed": Mutant(
        "a time from before the firmware was made is taken",
        ("I9",),
        100,
        _any_time_believed,
        {FaultKind.NO_TIME: 0.95},
    ),
    "signal strength trusted": Mutant(
        "asked for its signal without Wi-Fi, the board ends the loop",
        ("I8",),
        100,
        _signal_strength_trusted,
        {FaultKind.SOFT_RESET: 0.95},
    ),
    "LED trusted": Mutant(
        "an LED that cannot be driven ends the loop",
        ("I8",),
        100,
        _led_trusted,
        {FaultKind.PANEL: 0.95},
    ),
    "RTC trusted": Mutant(
        "a happening that cannot be kept ends the loop",
        ("I8",),
        100,
        _panel_trusted,
        {FaultKind.PANEL: 0.95},
    ),
    "button trusted": Mutant(
        "a button that cannot be read ends the task that hears it",
        ("crash",),
        100,
        _button_trusted,
        {FaultKind.PANEL: 0.95},
    ),
    "progress may lack memory": Mutant(
        "a lack of memory ends the task that sends progress",
        ("crash",),
        200,
        _progress_may_lack_memory,
        {FaultKind.BOARD_CALL: 0.95},
        rare_before=50,
    ),
    "served offers answered at once": Mutant(
        "a server that offers a served job again is answered without a pause",
        ("I9",),
        100,
        _served_offers_answered_at_once,
        {FaultKind.ENDLESS_OFFERS: 0.95},
    ),
    "new jobs not counted": Mutant(
        "a new job at each poll is journaled each time",
        ("I9",),
        100,
        _new_jobs_not_counted,
        {FaultKind.ENDLESS_OFFERS: 0.95},
    ),
}
