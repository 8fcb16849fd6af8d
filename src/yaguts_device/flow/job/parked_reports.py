"""Parked reports: a report that the server refuses does not hold the dispenser up.

It waits in cells of its own and is repeated ever more rarely, up to once an hour, until it is
answered. The names of the spices are left out. Namespace `job_state`:
  k0_a, k0_b … k3_a, k3_b   four reports, each twice    lost   how many found no room

The number of a report's record is its job's. It is at most 278 bytes long.
"""

import struct

from yaguts_device.core.interval import interval_mg
from yaguts_device.core.report import WORDS
from yaguts_device.journal.cells import erase, read_cell
from yaguts_device.journal.journal import NAMESPACE, PARKED
from yaguts_device.journal.slots import Slots
from yaguts_device.net.errors import RefusedByServer
from yaguts_wire.messages import build_report

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.flow.parked import Parked
    from yaguts_device.hal.board import Flash
    from yaguts_device.journal.journal import JournaledJob
    from yaguts_device.net.job_calls import JobCalls
    from yaguts_wire.shapes import DoseReport, Message

_HEAD = "<IBB"  # id of the job, bytes of the key, doses
_HEAD_BYTES = 6
_DOSE = "<III"  # 24 bits and 8: at most, order; at least, restarts and reason; ms, jar
_DOSE_BYTES = 12


def mend_all(parked: "Parked") -> None:
    """After a boot: mend the copies, and count the reports."""
    parked.count = 0
    for place in range(PARKED):
        slots = _slots(parked, place)
        number = slots.read()[0]
        parked.count += number > 0
        try:
            slots.mend(number)
        except OSError:  # the flash is full: one copy must be enough
            pass
    parked.lost = read_cell(_flash(parked), "lost") or 0
    parked.pause()


def park(
    parked: "Parked", journaled: "JournaledJob", doubts_ms: "list[int]", error: Exception
) -> None:
    """Keep the report of a job that is over; without room, in the place of the oldest one.

    OSError when the flash is full.
    """
    parked.board.log("the report is refused (%s) and parked" % error)
    numbers = [_slots(parked, place).read()[0] for place in range(PARKED)]
    # After a power cut the job may be parked already.
    number = journaled.number if journaled.number in numbers else min(numbers)
    if number not in (0, journaled.number):
        parked.board.log("no room for it: the oldest parked report is lost")
        _flash(parked).set_i32("lost", parked.lost + 1)
        parked.lost += 1
    slots = _slots(parked, numbers.index(number))
    slots.write(journaled.number, _packed(journaled, doubts_ms, slots.payload_buffer()))
    parked.count += not number
    parked.pause()


async def repeat(parked: "Parked", calls: "JobCalls") -> None:
    """Send all of them. LinkError when the server does not answer."""
    parked.pause_longer()
    for place in range(PARKED):
        await _repeat(parked, calls, place)


async def _repeat(parked: "Parked", calls: "JobCalls", place: int) -> None:
    number, packed = _slots(parked, place).read()
    if not number:
        return
    try:
        await calls.report(*_unpacked(bytes(packed)))
    except RefusedByServer:
        return
    for copy in "ab":
        erase(_flash(parked), "k%d_%s" % (place, copy))
    parked.count -= 1


def _flash(parked: "Parked") -> "Flash":
    return parked.board.flash(NAMESPACE)


def _slots(parked: "Parked", place: int) -> Slots:
    return Slots(_flash(parked), "k%d" % place)


def _packed(journaled: "JournaledJob", doubts_ms: "list[int]", buffer: memoryview) -> memoryview:
    """The report as bytes, built in the buffer."""
    key = journaled.job["job_key"].encode()
    at = _HEAD_BYTES + len(key)
    packed = buffer[: at + _DOSE_BYTES * len(doubts_ms)]
    struct.pack_into(_HEAD, packed, 0, journaled.job["id"], len(key), len(doubts_ms))
    packed[_HEAD_BYTES:at] = key
    for place, dose in enumerate(journaled.doses):
        held = journaled.job["doses"][place]
        least, most = interval_mg(dose, held["quantity_mg"], doubts_ms[place])
        least = least << 8 | dose.restarts << 4 | dose.reason
        ms = dose.permitted_ms << 8 | held["jar"]
        struct.pack_into(_DOSE, packed, at, most << 8 | held["order"], least, ms)
        at += _DOSE_BYTES
    return packed


def _unpacked(packed: bytes) -> "tuple[int, Message]":
    """(id of the job, its report as a message)."""
    job_id, length, count = struct.unpack_from(_HEAD, packed, 0)
    begin = _HEAD_BYTES + length

    def report_of(place: int) -> "DoseReport":
        most, least, ms = struct.unpack_from(_DOSE, packed, begin + _DOSE_BYTES * place)
        return {
            "order": most & 255,
            "jar": ms & 255,
            "spice": "",
            "fell_at_most_mg": most >> 8,
            "fell_at_least_mg": least >> 8,
            "duration_ms": ms >> 8,
            "resumes": least >> 4 & 15,
            "done": not least & 15,
            "error": WORDS[least & 15],
        }

    return job_id, build_report(packed[_HEAD_BYTES:begin].decode(), report_of, count)
