"""The mutants of the firmware."""

# pyright: basic, reportPrivateUsage=false, reportUnknownMemberType=false

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from yaguts_device import app
from yaguts_device.core import dose_machine, journal_format, report, tick
from yaguts_device.flow import pour, resume_consent
from yaguts_device.journal import journal, slots, ticks
from yaguts_device.net import answer, link, server
from yaguts_sim.device.board import SERVER
from yaguts_sim.faults.kinds import FaultKind
from yaguts_sim.mutants.mutant import Mutant, Replaced
from yaguts_sim.setup import shared
from yaguts_wire import messages, words


def _permission_after_the_slice() -> list[Replaced]:
    until_left = pour.Pouring._until_left

    def grant(self: Any, place: int) -> int:
        before = self._record.doses[place].granted_ms
        self._record.doses[place] = dose_machine.advance(
            self._record.doses[place], dose_machine.GRANT
        )
        self._late = place
        return self._record.doses[place].granted_ms - before

    async def until(self: Any, place: int, jar: int, left_ms: int) -> None:
        await until_left(self, place, jar, left_ms)
        self._journal.write(self._record, self._late)

    return [(pour.Pouring, "_grant", grant), (pour.Pouring, "_until_left", until)]


def _progress_not_persisted() -> list[Replaced]:
    write = journal.Journal.write

    def forgetful(self: Any, record: Any, place: int) -> None:
        if record.doses[place].state != dose_machine.POURING:
            write(self, record, place)

    return [(journal.Journal, "write", forgetful)]


def _resume_from_zero() -> list[Replaced]:
    def anew(dose: dose_machine.DoseState, _reason: int, _unused_ms: int) -> dose_machine.DoseState:
        return dose._replace(
            granted_ms=0, restarts=min(3, dose.restarts + 1), state=dose_machine.WAITING
        )

    return [(dose_machine.TABLE, (dose_machine.POURING, dose_machine.RESTART), anew)]


def _failed_jar_shifts_the_resume_index() -> list[Replaced]:
    load = journal.Journal.load

    def shifted(self: Any) -> Any:
        record = load(self)
        if record and record.accepted and not record.is_over():
            done = sum(dose.state == dose_machine.DONE for dose in record.doses)
            record.doses[done:] = [
                dose._replace(
                    granted_ms=0, state=dose_machine.WAITING, reason=dose_machine.NO_REASON
                )
                for dose in record.doses[done:]
            ]
        return record

    return [(journal.Journal, "load", shifted)]


def _restarts_not_counted() -> list[Replaced]:
    def resume(
        dose: dose_machine.DoseState, _reason: int, _unused_ms: int
    ) -> dose_machine.DoseState:
        return dose._replace(
            state=dose_machine.DONE if dose_machine.is_granted(dose) else dose_machine.POURING
        )

    return [(dose_machine.TABLE, (dose_machine.POURING, dose_machine.RESTART), resume)]


def _lead_not_in_doubt() -> list[Replaced]:
    interval_mg = report.interval_mg

    def narrow(
        dose: dose_machine.DoseState, quantity_mg: int, in_doubt_ms: int | None = None
    ) -> tuple[int, int]:
        lower, upper = interval_mg(dose, quantity_mg, in_doubt_ms)
        lead = quantity_mg * dose.restarts * dose_machine.lead_ms(dose) // dose.target_ms
        return (lower + lead if lower else 0), upper

    return [(report, "interval_mg", narrow)]


def _tick_outlives_the_power() -> list[Replaced]:
    return [(tick, "_crc", lambda data: int.from_bytes(data[-4:], "little"))]


def _tick_used_for_permission() -> list[Replaced]:
    count = ticks.Ticks.count_restart

    def take_back(self: Any, record: Any, place: int) -> None:
        known, dose = self._of(record), record.doses[place]
        if known.place == place and known.used_ms < dose.granted_ms:
            record.doses[place] = dose._replace(granted_ms=known.used_ms)
        count(self, record, place)

    def resume(board: Any, journal: Any, record: Any, memory: Any) -> None:
        for place, dose in enumerate(record.doses):
            if dose.state == dose_machine.POURING:
                take_back(memory, record, place)
                record.doses[place] = dose_machine.advance(
                    record.doses[place], dose_machine.RESTART
                )
                journal.write(record, place)

    return [(app, "resume", resume)]


def _question_not_journaled() -> list[Replaced]:
    unpack_plan = journal.unpack_plan

    def unpack(packed: bytes) -> Any:
        return {**unpack_plan(packed), "asks": False}

    return [(journal, "unpack_plan", unpack)]


def _waits_for_ever() -> list[Replaced]:
    return [(resume_consent.ResumeConsent, "_is_late", lambda _self: False)]


def _last_slice_beyond_the_target() -> list[Replaced]:
    def grant(self: Any, place: int) -> int:
        self._advance(place, dose_machine.GRANT)
        return self._record.doses[place].slice_ms

    return [(pour.Pouring, "_grant", grant)]


def _no_flow_counts_as_fallen() -> list[Replaced]:
    return [(report, "_MAYBE_NOTHING_FELL", ()), (report, "_ANYTHING_FELL", ())]


def _cell_crc_ignored() -> list[Replaced]:
    def unpack(
        cell: int, _place: int, _number: int, blank: dose_machine.DoseState
    ) -> dose_machine.DoseState | None:
        payload = cell >> 8 & 0xFFFFFF
        granted, restarts, state = payload >> 6, payload >> 4 & 3, payload & 15
        reason = max(0, state - dose_machine.FAILED + 1) if state >= dose_machine.FAILED else 0
        granted = min(granted, blank.target_ms)
        return blank._replace(
            granted_ms=granted,
            restarts=restarts,
            state=min(state, dose_machine.FAILED),
            reason=min(reason, 11),
        )

    return [(journal_format, "unpack_cell", unpack)]


def _one_copy_of_the_job() -> list[Replaced]:
    def write(self: Any, number: int, payload: bytes) -> None:
        self._flash.set_blob(self._keys[number % 2], journal_format.pack_record(number, payload))

    return [(slots.Slots, "write", write), *_copies_not_mended()]


def _copies_not_mended() -> list[Replaced]:
    return [(slots.Slots, "mend", lambda _self, _number: None)]


def _sequence_ignored() -> list[Replaced]:
    """Records go to the two keys in turn. The first valid one is read, not the newest."""

    def read(self: Any) -> Any:
        return self._record(self._keys[1], 0) or self._record(self._keys[0], 0)

    return [*_one_copy_of_the_job(), (slots.Slots, "read", read)]


def _crashes_not_counted() -> list[Replaced]:
    def resume(
        dose: dose_machine.DoseState, _reason: int, _unused_ms: int
    ) -> dose_machine.DoseState:
        state = dose_machine.DONE if dose_machine.is_granted(dose) else dose_machine.POURING
        return dose._replace(
            restarts=min(dose_machine.MAX_RESTARTS, dose.restarts + 1), state=state
        )

    return [(dose_machine.TABLE, (dose_machine.POURING, dose_machine.RESTART), resume)]


def _whole_jar_in_one_pulse() -> list[Replaced]:
    return [(dose_machine, "slice_ms", lambda _quantity_mg, duration_ms: duration_ms)]


def _stopped_jar_left_open() -> list[Replaced]:
    """A dose that ends early leaves a pulse of ten minutes behind."""
    advance = pour.Pouring._advance

    def careless(self: Any, place: int, event: int, reason: int = 0, unused_ms: int = 0) -> None:
        advance(self, place, event, reason, unused_ms)
        if event == dose_machine.STOP:
            self._board.open(self._record.plan["doses"][place]["jar"], 600_000)

    return [(pour.Pouring, "_advance", careless)]


def _report_without_its_key() -> list[Replaced]:
    def keyless(*what: Any) -> Any:
        message = report.build_report(*what)
        del message[words.JOB_KEY]
        return message

    return [(app, "build_report", keyless)]


def _nobody_restarts_it() -> list[Replaced]:
    async def alone(board: Any, code: str) -> None:
        board.dark()
        await app.DispenserApp(board, SERVER, code).work()

    return _started_by(alone)


def _ring_ignored() -> list[Replaced]:
    return [(journal.Journal, "was_served", lambda _self, _key: False)]


def _consent_not_awaited() -> list[Replaced]:
    accept = server.ServerClient.accept

    async def careless(self: Any, job_id: int, job_key: str) -> None:
        with suppress(server.LinkError):
            await accept(self, job_id, job_key)

    return [(server.ServerClient, "accept", careless)]


def _consent_to_anything() -> list[Replaced]:
    return [(messages, "read_accepted", lambda _message, _key: True)]


def _report_dropped_before_its_answer() -> list[Replaced]:
    original = app.DispenserApp._report

    async def hasty(self: Any, record: Any) -> None:
        self._journal.close(record)
        await original(self, record)

    return [(app.DispenserApp, "_report", hasty)]


def _any_200_books_the_report() -> list[Replaced]:
    return [(messages, "read_ok", lambda _message: True)]


def _pages_count_as_answers() -> list[Replaced]:
    judge = link._judge

    def trusting(status: int, kind: str, body: bytes) -> link.HttpAnswer:
        if status == 200 and "json" not in kind:
            return link.HttpAnswer(200, {"ok": True, "stock_deducted": True})
        return judge(status, kind, body)

    return [(link, "_judge", trusting)]


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
        await app.supervise(board, SERVER, code)

    return _started_by(careless)


def _outputs_cleared_late() -> list[Replaced]:
    async def slow(board: Any, code: str) -> None:
        await board.sleep_ms(400)
        board.dark()
        await app.supervise(board, SERVER, code)

    return _started_by(slow)


def _started_by(start: Callable[[Any, str], Any]) -> list[Replaced]:
    """Replace the program of a boot; it takes the board and a pairing code."""

    def firmware(code: str = "") -> Any:
        return lambda board: start(board, code)

    return [(shared, "firmware", firmware)]


def _cancel_not_heard() -> list[Replaced]:
    return [(pour.Pouring, "_reason_to_stop", lambda self, jar: self._board.fault(jar))]


def _cancel_hides_a_fault() -> list[Replaced]:
    def reason(self: Any, jar: int) -> int:
        return dose_machine.CANCELLED if self._progress.cancelled else self._board.fault(jar)

    return [(pour.Pouring, "_reason_to_stop", reason)]


def _stop_exact_to_the_millisecond() -> list[Replaced]:
    return [(report, "STOPPED_DOUBT_MS", 0)]


def _restart_while_the_motor_starts() -> list[Replaced]:
    async def dose(self: Any, place: int) -> None:
        jar = self._record.plan["doses"][place]["jar"]
        if self._is_stopped(place, jar):
            return
        await self._shaker.start()
        await self._slices(place, jar)
        await self._shaker.stop()

    return [(pour.Pouring, "_dose", dose)]


FIRMWARE_MUTANTS = {
    "permission after the slice": Mutant(
        "the slice is poured, then its permission is written",
        ("I1", "I2"),
        60,
        _permission_after_the_slice,
    ),
    "progress not persisted": Mutant(
        "grants live in memory only", ("I1", "I2"), 40, _progress_not_persisted
    ),
    "resume from zero": Mutant(
        "an interrupted jar runs again, as in v0.1", ("I1",), 40, _resume_from_zero
    ),
    "failed jar shifts the index": Mutant(
        "finished jars are counted, not remembered, as in v0.1",
        ("I1", "I2"),
        60,
        _failed_jar_shifts_the_resume_index,
    ),
    "restarts not counted": Mutant("a resume leaves no trace", ("I2",), 60, _restarts_not_counted),
    "lead not in doubt": Mutant(
        "the lower bound forgets the lead", ("I2",), 400, _lead_not_in_doubt
    ),
    "tick outlives the power": Mutant(
        "memory that has lost its power is believed", ("I2",), 800, _tick_outlives_the_power
    ),
    "tick used for permission": Mutant(
        "what the tick says was not used is poured again after a reset",
        ("I1", "I2"),
        200,
        _tick_used_for_permission,
        {FaultKind.SOFT_RESET: 0.95},
    ),
    "question not journaled": Mutant(
        "after an outage nobody is asked",
        ("I7",),
        100,
        _question_not_journaled,
        {FaultKind.ASKS: 0.95},
    ),
    "waits for ever": Mutant(
        "a question that nobody answers is never given up",
        ("I8",),
        200,
        _waits_for_ever,
        {FaultKind.ASKS: 0.95, FaultKind.POWER_CUT: 0.95},
    ),
    "last slice too long": Mutant(
        "the last slice is a whole one", ("I1",), 20, _last_slice_beyond_the_target
    ),
    "no flow counts as fallen": Mutant(
        "a jar without flow reports what its relay did", ("I2",), 200, _no_flow_counts_as_fallen
    ),
    "cell checksum ignored": Mutant(
        "a flipped bit in a cell is believed",
        ("I1", "I2"),
        800,
        _cell_crc_ignored,
        {FaultKind.BIT_FLIP: 0.95},
    ),
    "one copy of the job": Mutant(
        "a flipped bit loses the job",
        ("I8",),
        400,
        _one_copy_of_the_job,
        {FaultKind.BIT_FLIP: 0.95},
    ),
    "copies not mended": Mutant(
        "what a power cut tore is torn for ever, and the next flipped bit loses the job",
        ("I8",),
        3000,
        _copies_not_mended,
        {FaultKind.BIT_FLIP: 0.95, FaultKind.CELL_GONE: 0.95, FaultKind.CUT_IN_FLASH: 0.95},
    ),
    "sequence ignored": Mutant(
        "of the two copies one is read, not the newest",
        ("I8",),
        400,
        _sequence_ignored,
        {FaultKind.ORDER: 0.95, FaultKind.POWER_CUT: 0.9},
    ),
    "crashes not counted": Mutant(
        "a failing supply finishes the jar",
        ("I2",),
        200,
        _crashes_not_counted,
        {FaultKind.BROWNOUT: 0.95},
    ),
    "whole jar in one pulse": Mutant(
        "nothing ends a pulse while the interpreter hangs", ("I3",), 20, _whole_jar_in_one_pulse
    ),
    "stopped jar left open": Mutant(
        "a jar that is stopped closes in its own time",
        ("I3",),
        200,
        _stopped_jar_left_open,
        {FaultKind.CANCEL: 0.95},
    ),
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
    "ring ignored": Mutant(
        "a served job is taken again", ("I4", "I1"), 400, _ring_ignored, {FaultKind.RESTORED: 0.9}
    ),
    "consent not awaited": Mutant(
        "no answer is taken for a yes", ("I7", "I1", "I4"), 100, _consent_not_awaited
    ),
    "consent to anything": Mutant(
        "any JSON with 200 is taken for a yes", ("I7", "I4", "I1"), 800, _consent_to_anything
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
    "cancel not heard": Mutant(
        "a cancel during the pour is ignored", ("I7",), 60, _cancel_not_heard
    ),
    "cancel hides a fault": Mutant(
        "of a jar that is cancelled nobody asks whether anything fell",
        ("I2",),
        4000,
        _cancel_hides_a_fault,
        {
            FaultKind.CANCEL: 0.95,
            FaultKind.NO_FLOW: 0.95,
            FaultKind.STUCK: 0.95,
            FaultKind.NO_DRIVER: 0.95,
        },
    ),
    "stop exact to the millisecond": Mutant(
        "what a stopped jar gave is read off a clock that counts in whole milliseconds",
        ("I2",),
        3000,
        _stop_exact_to_the_millisecond,
        {FaultKind.CANCEL: 0.95, FaultKind.HANG: 0.95},
    ),
    "cancel not heard by the motor": Mutant(
        "a cancel while the motor starts is ignored",
        ("I7",),
        200,
        _restart_while_the_motor_starts,
        {FaultKind.CANCEL: 0.95},
    ),
}
