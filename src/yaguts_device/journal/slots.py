"""A blob that survives a power cut at any instant: in two keys, with a number and a CRC."""

from yaguts_device.core import journal_format
from yaguts_wire.limits import MAX_RECORD_BYTES

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Flash

_BUFFER = bytearray(MAX_RECORD_BYTES)
"""Allocated once and early: later a small heap may be too fragmented."""


class Slots:
    """The blobs `<name>_a` and `<name>_b`. ESP-IDF does not rewrite one key atomically."""

    def __init__(self, flash: "Flash", name: str) -> None:
        self._flash = flash
        self._keys = (name + "_a", name + "_b")

    def read(self) -> "tuple[int, memoryview]":
        """(number, payload) of the newest valid record; (0, nothing) when there is none.

        The payload is in the buffer, which the next read overwrites.
        """
        numbers = [journal_format.number_of(self._load(key)) for key in self._keys]
        number = max(numbers)
        blob = self._load(self._keys[numbers.index(number)])
        return number, blob[journal_format.HEADER_BYTES if number else len(blob) :]

    def payload_buffer(self) -> memoryview:
        """A buffer for a payload. The next read overwrites it, so `write` must follow at once."""
        return memoryview(_BUFFER)[journal_format.HEADER_BYTES :]

    def write(self, number: int, payload: "bytes | bytearray | memoryview") -> None:
        """Write the payload as record `number` into one key, then into the other.

        Two copies protect against a bit that flips in one of them.
        """
        self._put(number, payload, 2)

    def write_first(self, number: int, payload: "bytes | bytearray | memoryview") -> None:
        """Write one copy. `mend` writes the other, which holds the record before until then."""
        self._put(number, payload, 1)

    def mend(self, number: int) -> bool:
        """Write the record with this number where a copy of it is missing or damaged.

        A power cut tears one copy. A bit that flips later in the other must not lose the job.
        Returns whether there was a whole copy: without one nothing can be mended.
        """
        whole = [key for key in self._keys if journal_format.number_of(self._load(key)) == number]
        for key in self._keys:
            if whole and key not in whole:
                self._flash.set_blob(key, self._load(whole[0]))
                self._flash.commit()
        return bool(whole)

    def _put(self, number: int, payload: "bytes | bytearray | memoryview", copies: int) -> None:
        record = journal_format.pack_record(number, payload, _BUFFER)
        for place in range(number, number + copies):
            self._flash.set_blob(self._keys[place % 2], record)
            self._flash.commit()

    def _load(self, key: str) -> memoryview:
        """The value of the key, in the buffer. The next load overwrites it."""
        try:
            length = self._flash.get_blob(key, _BUFFER)
        except OSError:  # missing or unreadable: the other key may be whole
            length = 0
        return memoryview(_BUFFER)[:length]
