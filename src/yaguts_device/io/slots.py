"""A blob that survives a power cut at any instant: two keys in turn, number and CRC inside."""

from yaguts_device.core import journal

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Flash


class Slots:
    """The blobs `<name>_a` and `<name>_b`. Rewriting one key is not atomic in ESP-IDF."""

    def __init__(self, flash: "Flash", name: str) -> None:
        self._flash = flash
        self._keys = (name + "_a", name + "_b")

    def read(self) -> "tuple[int, bytes] | None":
        """(number, payload) of the newest valid record; None when there is none."""
        newest = None
        buffer = bytearray(journal.MAX_RECORD_BYTES)
        for key in self._keys:
            record = self._record(key, buffer, newest[0] if newest else 0)
            newest = record or newest
        return newest

    def write(self, number: int, payload: bytes) -> None:
        """Keep the payload as record `number`: first in one key, then in the other one too.

        While the first is written the second still holds what was there before; afterwards a bit
        that flips in one of them loses nothing.
        """
        for key in (self._keys[number % 2], self._keys[1 - number % 2]):
            self._flash.set_blob(key, journal.pack_record(number, payload))
            self._flash.commit()

    def _record(self, key: str, buffer: bytearray, known: int) -> "tuple[int, bytes] | None":
        """The record under the key, if it is valid and newer; a second copy takes no room."""
        try:
            length = self._flash.get_blob(key, buffer)
        except OSError:  # not there, or not readable: the other key may be
            return None
        if journal.number_of(buffer) <= known:
            return None
        return journal.unpack_record(bytes(memoryview(buffer)[:length]))
