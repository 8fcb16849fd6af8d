"""The mutants of how the firmware pours a dose and bounds what fell."""

# pyright: basic, reportPrivateUsage=false, reportUnknownMemberType=false

from typing import Any

from yaguts_device.core import dose_machine, interval, report
from yaguts_device.flow.button import Button
from yaguts_device.flow.job import pour
from yaguts_device.journal import journal
from yaguts_sim.faults.kinds import FaultKind
from yaguts_sim.mutants.mutant import Mutant, Replaced
from yaguts_wire import words


def _permission_after_the_slice() -> list[Replaced]:
    until_left = pour.Pouring._wait_until_left

    def grant(self: Any, place: int) -> int:
        before = self._journaled.doses[place].permitted_ms
        self._journaled.doses[place] = dose_machine.advance(
            self._journaled.doses[place], dose_machine.PERMIT
        )
        self._late = place
        return self._journaled.doses[place].permitted_ms - before

    async def until(self: Any, place: int, jar: int, left_ms: int) -> None:
        await until_left(self, place, jar, left_ms)
        self._journal.write(self._journaled, self._late)

    return [(pour.Pouring, "_permit_slice", grant), (pour.Pouring, "_wait_until_left", until)]


def _progress_not_persisted() -> list[Replaced]:
    write = journal.Journal.write

    def forgetful(self: Any, record: Any, place: int) -> None:
        if record.doses[place].state != dose_machine.POURING:
            write(self, record, place)

    return [(journal.Journal, "write", forgetful)]


def _resume_from_zero() -> list[Replaced]:
    def anew(dose: dose_machine.DoseState, _reason: int, _unused_ms: int) -> dose_machine.DoseState:
        return dose._replace(
            permitted_ms=0, restarts=min(3, dose.restarts + 1), state=dose_machine.WAITING
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
                    permitted_ms=0, state=dose_machine.WAITING, reason=dose_machine.NO_REASON
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
            state=dose_machine.DONE if dose_machine.is_all_permitted(dose) else dose_machine.POURING
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


def _last_slice_beyond_the_target() -> list[Replaced]:
    def grant(self: Any, place: int) -> int:
        self._advance(place, dose_machine.PERMIT)
        return self._journaled.doses[place].slice_ms

    return [(pour.Pouring, "_permit_slice", grant)]


def _no_flow_counts_as_fallen() -> list[Replaced]:
    return [(interval, "_MAYBE_NOTHING_FELL", ()), (interval, "_ANYTHING_FELL", ())]


def _whole_jar_in_one_pulse() -> list[Replaced]:
    return [(dose_machine, "slice_ms", lambda _quantity_mg, duration_ms: duration_ms)]


def _stopped_jar_left_open() -> list[Replaced]:
    """A dose that ends early leaves a pulse of ten minutes behind."""
    advance = pour.Pouring._advance

    def careless(self: Any, place: int, event: int, reason: int = 0, unused_ms: int = 0) -> None:
        advance(self, place, event, reason, unused_ms)
        if event == dose_machine.STOP:
            self._board.open(self._journaled.job["doses"][place]["jar"], 600_000)

    return [(pour.Pouring, "_advance", careless)]


def _cancel_not_heard() -> list[Replaced]:
    return [(pour.Pouring, "_reason_to_stop", lambda self, jar: self._fault(jar))]


def _press_heard_at_the_next_jar() -> list[Replaced]:
    pour_slices = pour.Pouring._pour_slices

    async def slices(self: Any, place: int, jar: int) -> None:
        heard, self._button = self._button, Button(self._board)
        await pour_slices(self, place, jar)
        self._button = heard

    return [(pour.Pouring, "_pour_slices", slices)]


def _press_told_as_a_cancel() -> list[Replaced]:
    told = (*report.WORDS[: dose_machine.STOPPED_HERE], words.STOPPED)
    return [(report, "WORDS", told)]


def _cancel_hides_a_fault() -> list[Replaced]:
    def reason(self: Any, jar: int) -> int:
        return dose_machine.CANCELLED if self._progress.cancelled else self._fault(jar)

    return [(pour.Pouring, "_reason_to_stop", reason)]


def _stop_exact_to_the_millisecond() -> list[Replaced]:
    return [(interval, "STOPPED_DOUBT_MS", 0)]


def _restart_while_the_motor_starts() -> list[Replaced]:
    async def dose(self: Any, place: int) -> None:
        jar = self._journaled.job["doses"][place]["jar"]
        if self._is_stopped(place, jar):
            return
        await self._motor.start()
        await self._pour_slices(place, jar)
        await self._motor.stop()

    return [(pour.Pouring, "_pour_dose", dose)]


DOSE_MUTANTS = {
    "permission after the slice": Mutant(
        "the slice is poured, then its permission is written",
        ("I1", "I2"),
        60,
        _permission_after_the_slice,
    ),
    "progress not persisted": Mutant(
        "permissions are kept in memory only", ("I1", "I2"), 40, _progress_not_persisted
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
    "last slice too long": Mutant(
        "the last slice is a whole one", ("I1",), 20, _last_slice_beyond_the_target
    ),
    "no flow counts as fallen": Mutant(
        "a jar without flow reports what its relay did", ("I2",), 200, _no_flow_counts_as_fallen
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
    "cancel not heard": Mutant(
        "a cancel during the pour is ignored",
        ("I7",),
        60,
        _cancel_not_heard,
        {FaultKind.CANCEL: 0.95},
    ),
    "press heard at the next jar": Mutant(
        "a press of the button is not heard by the next slice",
        ("I7",),
        200,
        _press_heard_at_the_next_jar,
        {FaultKind.PRESS: 0.95},
    ),
    "press told as a cancel": Mutant(
        "the report of a job that was stopped with the button does not say so",
        ("I7",),
        200,
        _press_told_as_a_cancel,
        {FaultKind.PRESS: 0.95},
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
        rare_before=300,
    ),
    "cancel not heard by the motor": Mutant(
        "a cancel while the motor starts is ignored",
        ("I7",),
        200,
        _restart_while_the_motor_starts,
        {FaultKind.CANCEL: 0.95},
    ),
}
