"""The journal on flash: which job is held, how far each of its doses is, which jobs were served.

Namespace `job_state`:
  job_a, job_b   the job, twice                    p0 … p15   a cell for each dose
  accepted       mark: the server agreed to start  r0 … r15   prints of the last served job keys
  closed         mark: reported and answered       t          when the last jar was begun, if known

Everything is written in the order that makes a power cut between two writes harmless: the cells of
a new job before the job, a grant before the relay, a key's print before anything may pour.
"""

from yaguts_device.core import dose_machine, journal_format
from yaguts_device.core.held_job import pack_plan, packed_bytes, unpack_plan

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.core.held_job import HeldJob
    from yaguts_device.hal.board import Flash

from yaguts_device.journal.slots import Slots
from yaguts_wire.limits import MAX_DOSES, MAX_RECORD_BYTES

NAMESPACE = "job_state"
RING = 16
SPARE_ENTRIES = 64
"""Below so many free entries no job is taken: at boot a full NVS would be erased whole."""
_ENTRY_BYTES = 32
_ACCEPTED, _CLOSED = 1, 2
_CLOCK_ORIGIN_S = 1_577_836_800  # 2020-01-01: keeps the `t` cell within 31 bits until 2088


def all_keys() -> "list[str]":
    """Every key that may stand there: what a factory reset erases."""
    cells = ["p%d" % place for place in range(MAX_DOSES)]
    prints = ["r%d" % place for place in range(RING)]
    return ["job_a", "job_b", "accepted", "closed", "t"] + cells + prints  # noqa: RUF005


class Record:
    """The job that the journal holds."""

    def __init__(
        self, number: int, plan: "HeldJob", doses: "list[dose_machine.DoseState]", accepted: bool
    ) -> None:
        self.number = number
        self.plan = plan
        self.doses = doses
        self.accepted = accepted

    def is_over(self) -> bool:
        """Whether nothing is left to pour: the job waits for its report to be answered."""
        return all([dose_machine.is_over(dose) for dose in self.doses])

    def is_untouched(self) -> bool:
        """Whether surely nothing has fallen: the job may be forgotten without a report."""
        return all([not d.granted_ms and d.reason != dose_machine.CORRUPTED for d in self.doses])


class Journal:
    """Reads and writes the namespace. An OSError of the flash is the caller's to survive."""

    def __init__(self, flash: "Flash") -> None:
        self._flash = flash
        self._slots = Slots(flash, "job")

    def load(self) -> "Record | None":
        """The job that is held; None when the last one is closed.

        A cell that is missing or damaged is a dose of which anything may have fallen, and which is
        never poured again.
        """
        record = self._newest()
        if record is None or record.number <= self._mark("closed", _CLOSED):
            return None
        self._mend(record)
        return record

    def last_closed(self, job_key: str) -> "Record | None":
        """The newest job if it has this key, although it is closed: its report can be repeated."""
        record = self._newest()
        return record if record and record.plan["job_key"] == job_key else None

    def fits(self, plan: "HeldJob") -> bool:
        """Whether the journal can hold the job."""
        size = journal_format.HEADER_BYTES + packed_bytes(plan)
        entries = 2 * size // _ENTRY_BYTES + MAX_DOSES + SPARE_ENTRIES
        return (
            len(plan["doses"]) <= MAX_DOSES
            and size <= MAX_RECORD_BYTES
            and self._flash.free_entries() >= entries
        )

    def begin(self, plan: "HeldJob", doses: "list[dose_machine.DoseState]") -> Record:
        """Hold a new job. Its cells come first: a job without its cells would be a damaged one."""
        record = Record(self._next_number(), plan, doses, False)
        for place in range(len(doses)):
            self.write(record, place)
        self._slots.write(record.number, pack_plan(plan, self._slots.room()))
        return record

    def write(self, record: Record, place: int) -> None:
        """Make the dose's progress durable. Only then may the relay act on it."""
        cell = journal_format.pack_cell(record.doses[place], place, record.number)
        self._set("p%d" % place, cell)

    def accept(self, record: Record) -> None:
        """The server agreed: from now on the job is resumed after every boot."""
        self._set("accepted", journal_format.pack_mark(record.number, _ACCEPTED))
        record.accepted = True

    def close(self, record: Record) -> None:
        """The job is done with: reported and answered, or given up before anything fell."""
        self._set("closed", journal_format.pack_mark(record.number, _CLOSED))

    def remember(self, record: Record) -> None:
        """Note that this job was served, so that it is never started again."""
        cell, key_print = (
            "r%d" % (record.number % RING),
            journal_format.key_print(record.plan["job_key"]),
        )
        if self._get(cell) != key_print:
            self._set(cell, key_print)

    def was_served(self, job_key: str) -> bool:
        """Whether the job is among the last ones served."""
        key_print = journal_format.key_print(job_key)
        return any([self._get("r%d" % place) == key_print for place in range(RING)])

    def note_time(self, unix_s: "int | None") -> None:
        """Write down when a jar is begun; None when the clock is not set."""
        cell = unix_s - _CLOCK_ORIGIN_S if unix_s else 0
        if cell != (self._get("t") or 0):
            self._set("t", cell)

    def noted_time(self) -> "int | None":
        """When the last jar was begun, in unix seconds; None when that is not known."""
        cell = self._get("t")
        return cell + _CLOCK_ORIGIN_S if cell and cell > 0 else None

    def _mend(self, record: Record) -> None:
        try:
            self._slots.mend(record.number)
        except OSError:  # the flash is full: one copy has to do
            pass

    def _newest(self) -> "Record | None":
        found = self._slots.read()
        if not found:
            return None
        number, plan = found[0], unpack_plan(found[1])
        doses = [self._dose(place, plan, number) for place in range(len(plan["doses"]))]
        # A grant is proof of an acceptance whose mark was lost: there is none without.
        granted = any([dose.granted_ms for dose in doses])
        accepted = granted or self._mark("accepted", _ACCEPTED) == number
        return Record(number, plan, doses, accepted)

    def _dose(self, place: int, plan: "HeldJob", number: int) -> dose_machine.DoseState:
        planned = plan["doses"][place]
        blank = dose_machine.new_dose(planned["quantity_mg"], planned["duration_ms"])
        cell = self._get("p%d" % place)
        dose = None if cell is None else journal_format.unpack_cell(cell, place, number, blank)
        return dose or dose_machine.advance(blank, dose_machine.STOP, dose_machine.CORRUPTED)

    def _next_number(self) -> int:
        marks = self._mark("closed", _CLOSED), self._mark("accepted", _ACCEPTED)
        return max(self._slots.number(), *marks) + 1

    def _mark(self, key: str, kind: int) -> int:
        return journal_format.unpack_mark(self._get(key) or 0, kind)

    def _get(self, key: str) -> "int | None":
        try:
            return self._flash.get_i32(key)
        except OSError:  # not there
            return None

    def _set(self, key: str, value: int) -> None:
        self._flash.set_i32(key, value)
        self._flash.commit()
