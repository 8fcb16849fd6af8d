"""The journal in flash: the job, the state of each of its doses, the keys of served jobs.

Namespace `job_state`:
  job_a, job_b   the job, twice                    p0 … p15   a cell for each dose
  accepted       flag: the server accepted it      r0 … r15   fingerprints of served job keys
  closed         flag: reported and answered       t          when the last jar was begun, if known
  acceptance     a number drawn for the job

A power cut between two writes does no harm, because of their order: the cells of a new job before
the job, its first copy before it is accepted, its second copy and its key before anything may pour,
a permission before the relay is on.
"""

from yaguts_device.core import dose_machine, journal_format
from yaguts_device.core.held_job import pack_job, packed_bytes, unpack_job, unpack_key

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.core.held_job import HeldJob
    from yaguts_device.hal.board import Flash

from yaguts_device.journal.cells import read_cell, write_cell
from yaguts_device.journal.slots import Slots
from yaguts_wire.limits import MAX_DOSES, MAX_RECORD_BYTES

NAMESPACE = "job_state"
SERVED_KEYS = 16
PARKED = 4
"""So many reports may be parked: see `flow.job.parked_reports`."""
_PARKED_ENTRIES = 2 * 11
SPARE_ENTRIES = 64
"""With fewer free entries a job is refused: at boot a full NVS would be erased."""
_ENTRY_BYTES = 32
_ACCEPTED, _CLOSED = 1, 2
_CLOCK_ORIGIN_S = 1_577_836_800  # 2020-01-01: keeps `t` within 31 bits until 2088


def all_keys() -> "list[str]":
    """Every key of the namespace: a factory reset erases them."""
    cells = ["p%d" % place for place in range(MAX_DOSES)]
    fingerprints = ["r%d" % place for place in range(SERVED_KEYS)]
    parked = ["k%d_%s" % (place, copy) for place in range(PARKED) for copy in "ab"]
    others = ["job_a", "job_b", "accepted", "closed", "acceptance", "t", "lost"]
    return others + cells + fingerprints + parked


class JournaledJob:
    """The job in the journal, and the state of each of its doses."""

    def __init__(
        self,
        number: int,
        job: "HeldJob",
        doses: "list[dose_machine.DoseState]",
        accepted: bool,
        acceptance: int,
    ) -> None:
        self.number = number
        self.job = job
        self.doses = doses
        self.accepted = accepted
        self.acceptance = acceptance  # 0 when its cell is lost

    def is_over(self) -> bool:
        """Whether every dose is over, so that the job waits for its report to be answered."""
        return all([dose_machine.is_over(dose) for dose in self.doses])

    def is_untouched(self) -> bool:
        """Whether surely nothing has fallen, so that the job needs no report."""
        return all([not d.permitted_ms and d.reason != dose_machine.CORRUPTED for d in self.doses])


class Journal:
    """Reads and writes the namespace. Methods that write raise OSError when the flash is full."""

    def __init__(self, flash: "Flash") -> None:
        self._flash = flash
        self._slots = Slots(flash, "job")

    def load(self) -> "JournaledJob | None":
        """The job in the journal; None when it is closed.

        A dose whose cell is missing or damaged has failed as CORRUPTED: anything may have fallen.
        """
        journaled = self._newest()
        if journaled is None or journaled.number <= self._flag("closed", _CLOSED):
            return None
        self._mend(journaled)
        return journaled

    def last_closed(self, job_key: str) -> "JournaledJob | None":
        """The newest job, closed or not, if it has this key. Its report can be repeated."""
        journaled = self._newest()
        return journaled if journaled and journaled.job["job_key"] == job_key else None

    def fits(self, job: "HeldJob") -> bool:
        """Whether the journal has room for the job, and for the reports that may be parked."""
        size = journal_format.HEADER_BYTES + packed_bytes(job)
        if len(job["doses"]) > MAX_DOSES or size > MAX_RECORD_BYTES:
            return False
        entries = 2 * size // _ENTRY_BYTES + MAX_DOSES + SPARE_ENTRIES
        left = self._flash.free_entries() - entries
        return left >= _PARKED_ENTRIES * PARKED or left >= _PARKED_ENTRIES * self._unparked()

    def begin(
        self, job: "HeldJob", doses: "list[dose_machine.DoseState]", acceptance: int
    ) -> JournaledJob:
        """Write a new job, once: `copy` follows, before anything may pour.

        Its cells come first, because a job without them counts as damaged.
        """
        journaled = JournaledJob(self._next_number(), job, doses, False, acceptance)
        write_cell(self._flash, "acceptance", acceptance)
        for place in range(len(doses)):
            self.write(journaled, place)
        self._slots.write_first(journaled.number, pack_job(job, self._slots.payload_buffer()))
        return journaled

    def copy(self, journaled: JournaledJob) -> None:
        """Write the copy of the job that is missing or damaged, if one is.

        Both where a bit flipped in the only one: nothing may pour that a restart would not find.
        """
        if not self._slots.mend(journaled.number):
            packed = pack_job(journaled.job, self._slots.payload_buffer())
            self._slots.write(journaled.number, packed)

    def write(self, journaled: JournaledJob, place: int) -> None:
        """Write the state of the dose. Only then may the relay act on it."""
        cell = journal_format.pack_cell(journaled.doses[place], place, journaled.number)
        write_cell(self._flash, "p%d" % place, cell)

    def accept(self, journaled: JournaledJob) -> None:
        """Note that the server accepted the job: after a boot it is resumed."""
        write_cell(self._flash, "accepted", journal_format.pack_flag(journaled.number, _ACCEPTED))
        journaled.accepted = True

    def close(self, journaled: JournaledJob) -> None:
        """Note that the job is reported and answered, or refused before anything fell."""
        write_cell(self._flash, "closed", journal_format.pack_flag(journaled.number, _CLOSED))

    def remember(self, journaled: JournaledJob) -> None:
        """Note the key of the job among the served ones, so that it never starts again."""
        cell = "r%d" % (journaled.number % SERVED_KEYS)
        fingerprint = journal_format.key_fingerprint(journaled.job["job_key"])
        if read_cell(self._flash, cell) != fingerprint:
            write_cell(self._flash, cell, fingerprint)

    def was_served(self, job_key: str) -> bool:
        """Whether the job is among the last ones served. The newest record knows one of them."""
        fingerprint = journal_format.key_fingerprint(job_key)
        if any(
            [read_cell(self._flash, "r%d" % place) == fingerprint for place in range(SERVED_KEYS)]
        ):
            return True
        number, packed = self._slots.read()
        return self._flag("accepted", _ACCEPTED) == number > 0 and unpack_key(packed) == job_key

    def note_time(self, unix_s: "int | None") -> None:
        """Note when a jar is begun; None when the clock is not set."""
        cell = unix_s - _CLOCK_ORIGIN_S if unix_s else 0
        if cell != (read_cell(self._flash, "t") or 0):
            write_cell(self._flash, "t", cell)

    def noted_time(self) -> "int | None":
        """When the last jar was begun, in unix seconds; None when that is not known."""
        cell = read_cell(self._flash, "t")
        return cell + _CLOCK_ORIGIN_S if cell and cell > 0 else None

    def _mend(self, journaled: JournaledJob) -> None:
        try:
            self.copy(journaled)
        except OSError:  # the flash is full: one copy must be enough
            pass

    def _unparked(self) -> int:
        """How many more reports may be parked."""
        return sum([not Slots(self._flash, "k%d" % place).read()[0] for place in range(PARKED)])

    def _newest(self) -> "JournaledJob | None":
        number, packed = self._slots.read()
        if not number:
            return None
        job = unpack_job(packed)
        doses = [self._state_of(place, job, number) for place in range(len(job["doses"]))]
        # A permission proves that the job was accepted, even if the flag is lost.
        permitted = any([dose.permitted_ms for dose in doses])
        accepted = permitted or self._flag("accepted", _ACCEPTED) == number
        return JournaledJob(number, job, doses, accepted, read_cell(self._flash, "acceptance") or 0)

    def _state_of(self, place: int, job: "HeldJob", number: int) -> dose_machine.DoseState:
        held = job["doses"][place]
        blank = dose_machine.new_dose(held["quantity_mg"], held["duration_ms"])
        cell = read_cell(self._flash, "p%d" % place)
        dose = None if cell is None else journal_format.unpack_cell(cell, place, number, blank)
        return dose or dose_machine.advance(blank, dose_machine.STOP, dose_machine.CORRUPTED)

    def _next_number(self) -> int:
        flags = self._flag("closed", _CLOSED), self._flag("accepted", _ACCEPTED)
        return max(self._slots.read()[0], *flags) + 1

    def _flag(self, key: str, kind: int) -> int:
        return journal_format.unpack_flag(read_cell(self._flash, key) or 0, kind)
