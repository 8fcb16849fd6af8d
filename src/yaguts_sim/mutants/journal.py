"""The mutants of what the firmware keeps over a power cut."""

# pyright: basic, reportPrivateUsage=false, reportUnknownMemberType=false

from typing import Any

from yaguts_device.core import dose_machine, journal_format, tick
from yaguts_device.flow.job import recovery, resume_consent
from yaguts_device.journal import journal, slots, ticks
from yaguts_sim.faults.kinds import FaultKind
from yaguts_sim.mutants.mutant import Mutant, Replaced


def _tick_outlives_the_power() -> list[Replaced]:
    return [(tick, "_crc", lambda data: int.from_bytes(data[-4:], "little"))]


def _tick_used_for_permission() -> list[Replaced]:
    count = ticks.Ticks.count_restart

    def take_back(self: Any, record: Any, place: int) -> None:
        known, dose = self._tick_of(record), record.doses[place]
        if known.place == place and known.used_ms < dose.permitted_ms:
            record.doses[place] = dose._replace(permitted_ms=known.used_ms)
        count(self, record, place)

    def resume(board: Any, journal: Any, record: Any, memory: Any) -> None:
        for place, dose in enumerate(record.doses):
            if dose.state == dose_machine.POURING:
                take_back(memory, record, place)
                record.doses[place] = dose_machine.advance(
                    record.doses[place], dose_machine.RESTART
                )
                journal.write(record, place)

    return [(recovery, "resume", resume)]


def _question_not_journaled() -> list[Replaced]:
    unpack_job = journal.unpack_job

    def unpack(packed: bytes) -> Any:
        return {**unpack_job(packed), "asks": False}

    return [(journal, "unpack_job", unpack)]


def _waits_for_ever() -> list[Replaced]:
    return [(resume_consent.ResumeConsent, "_is_late", lambda _self: False)]


def _cell_crc_ignored() -> list[Replaced]:
    def unpack(
        cell: int, _place: int, _number: int, blank: dose_machine.DoseState
    ) -> dose_machine.DoseState | None:
        payload = cell >> 8 & 0xFFFFFF
        granted, restarts, state = payload >> 6, payload >> 4 & 3, payload & 15
        reason = max(0, state - dose_machine.FAILED + 1) if state >= dose_machine.FAILED else 0
        granted = min(granted, blank.target_ms)
        return blank._replace(
            permitted_ms=granted,
            restarts=restarts,
            state=min(state, dose_machine.FAILED),
            reason=min(reason, 11),
        )

    return [(journal_format, "unpack_cell", unpack)]


def _one_copy_of_the_job() -> list[Replaced]:
    return [(slots.Slots, "mend", lambda _self, _number: True)]


def _copies_not_mended() -> list[Replaced]:
    return [(journal.Journal, "_mend", lambda _self, _journaled: None)]


def _sequence_ignored() -> list[Replaced]:
    """Records go to the two keys in turn. The first valid one is read, not the newest."""

    def read(self: Any) -> Any:
        for key in reversed(self._keys):
            blob = self._load(key)
            if journal_format.number_of(blob):
                return journal_format.number_of(blob), blob[journal_format.HEADER_BYTES :]
        return 0, b""

    return [*_one_copy_of_the_job(), (slots.Slots, "read", read)]


def _crashes_not_counted() -> list[Replaced]:
    def resume(
        dose: dose_machine.DoseState, _reason: int, _unused_ms: int
    ) -> dose_machine.DoseState:
        state = dose_machine.DONE if dose_machine.is_all_permitted(dose) else dose_machine.POURING
        return dose._replace(
            restarts=min(dose_machine.MAX_RESTARTS, dose.restarts + 1), state=state
        )

    return [(dose_machine.TABLE, (dose_machine.POURING, dose_machine.RESTART), resume)]


def _ring_ignored() -> list[Replaced]:
    return [(journal.Journal, "was_served", lambda _self, _key: False)]


JOURNAL_MUTANTS = {
    "tick outlives the power": Mutant(
        "memory that has lost its power is believed",
        ("I2",),
        800,
        _tick_outlives_the_power,
        rare_before=80,
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
        rare_before=170,
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
    "ring ignored": Mutant(
        "a served job is taken again", ("I4", "I1"), 400, _ring_ignored, {FaultKind.RESTORED: 0.9}
    ),
}
