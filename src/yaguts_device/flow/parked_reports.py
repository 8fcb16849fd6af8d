"""Parked reports: a report that the server refuses does not hold the dispenser up.

It waits in cells of its own and is repeated ever more rarely, up to once an hour, until it is
answered. The names of the spices are left out. Namespace `job_state`:
  k0_a, k0_b … k3_a, k3_b   four reports, each twice    lost   how many found no room

The number of a report's record is its job's. It is at most 278 bytes long.
"""

import struct

from yaguts_device.core.report import WORDS, interval_mg
from yaguts_device.journal.cells import erase, read_cell
from yaguts_device.journal.journal import PARKED
from yaguts_device.journal.slots import Slots
from yaguts_device.net.backoff import jittered_ms
from yaguts_device.net.errors import RefusedByServer
from yaguts_wire import dispenser_words as w
from yaguts_wire.messages import build_report

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board, Flash
    from yaguts_device.journal.journal import JournaledJob
    from yaguts_device.net.server import ServerClient
    from yaguts_wire.shapes import DoseReport, Message

FIRST_MS = 60_000
LONGEST_MS = 3_600_000
_HEAD = "<IBB"  # id of the job, bytes of the key, doses
_HEAD_BYTES = 6
_DOSE = "<III"  # 24 bits and 8: at most, order; at least, restarts and reason; ms, jar
_DOSE_BYTES = 12


class ParkedReports:
    """The parked reports of one board, and when they are sent again."""

    def __init__(self, board: "Board", flash: "Flash", server: "ServerClient") -> None:
        self._board = board
        self._flash = flash
        self._server = server
        self._count = 0
        for place in range(PARKED):
            self._mend(place)
        self._pause(FIRST_MS)

    def park(self, journaled: "JournaledJob", doubts_ms: "list[int]", error: Exception) -> None:
        """Keep the report of a job that is over; without room, in the place of the oldest one.

        OSError when the flash is full.
        """
        self._board.log("the report is refused (%s) and parked" % error)
        numbers = [self._slots(place).read()[0] for place in range(PARKED)]
        # After a power cut the job may be parked already.
        number = journaled.number if journaled.number in numbers else min(numbers)
        if number not in (0, journaled.number):
            self._board.log("no room for it: the oldest parked report is lost")
            self._flash.set_i32("lost", self._lost() + 1)
        slots = self._slots(numbers.index(number))
        slots.write(journaled.number, _packed(journaled, doubts_ms, slots.payload_buffer()))
        self._count += not number
        self._pause(FIRST_MS)

    async def repeat_if_due(self) -> None:
        """Send them if it is time. LinkError when the server does not answer."""
        waited_ms = self._board.ticks_diff(self._board.ticks_ms(), self._sent_at)
        if self._count and waited_ms >= self._pause_ms:
            self._pause(min(2 * self._pause_ms, LONGEST_MS))
            for place in range(PARKED):
                await self._repeat(place)

    def tell(self, status: "Message") -> "Message":
        """The status for a heartbeat, with how many are parked and how many are lost."""
        lost = self._lost()
        if self._count or lost:
            status[w.PARKED], status[w.LOST] = self._count, lost
        return status

    async def _repeat(self, place: int) -> None:
        number, packed = self._slots(place).read()
        if not number:
            return
        try:
            await self._server.report(*_unpacked(bytes(packed)))
        except RefusedByServer:
            return
        for copy in "ab":
            erase(self._flash, "k%d_%s" % (place, copy))
        self._count -= 1

    def _pause(self, ms: int) -> None:
        self._sent_at = self._board.ticks_ms()
        self._pause_ms = jittered_ms(self._board, ms)

    def _lost(self) -> int:
        return read_cell(self._flash, "lost") or 0

    def _mend(self, place: int) -> None:
        slots = self._slots(place)
        number = slots.read()[0]
        self._count += number > 0
        try:
            slots.mend(number)
        except OSError:  # the flash is full: one copy must be enough
            pass

    def _slots(self, place: int) -> Slots:
        return Slots(self._flash, "k%d" % place)


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
