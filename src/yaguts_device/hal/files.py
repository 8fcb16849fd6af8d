"""Flash for the virtual board: each key a file. Nothing is synced to the disk.

A new file and a blob are written aside and renamed into their place. A number is written over the
one before, in one write of a fixed length. So a process that is killed at any instant leaves the
old value or the new one. Tests and the simulator
cover what else real flash does: a key vanishes, is torn, or finds the flash full.
"""

import os

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any

NOT_FOUND = -4354
TOO_SMALL = -4364
_ENTRIES = 630
"""A partition of 24 KB: five pages of 126 entries, and one in reserve."""
_ENTRY_BYTES = 32


class FileFlash:
    """A namespace of NVS in a folder: the files `<namespace>.<key>`."""

    def __init__(self, folder: str, namespace: str) -> None:
        self._folder = folder
        self._prefix = folder + "/" + namespace + "."

    def get_i32(self, key: str) -> int:
        """The number under the key. OSError when there is none."""
        with self._open(key, b"i") as file:
            return int(file.read().decode())

    def set_i32(self, key: str, value: int) -> None:
        """Store a number. OverflowError beyond 32 bits. A key never changes its kind."""
        if not -(1 << 31) <= value < 1 << 31:
            raise OverflowError(value)
        number = ("%11d" % value).encode()
        try:
            with open(self._prefix + key, "r+b") as file:
                file.write(b"i" + number)
        except OSError:  # it is new
            self._write(key, b"i", number)

    def get_blob(self, key: str, buffer: bytearray) -> int:
        """Copy the blob into the buffer; its length. OSError when there is none or it is longer."""
        with self._open(key, b"b") as file:
            length = file.readinto(buffer)
            if file.read(1):
                raise OSError(TOO_SMALL, "ESP_ERR_NVS_INVALID_LENGTH")
            return length

    def set_blob(self, key: str, value: "bytes | bytearray | memoryview") -> None:
        """Store a blob."""
        self._write(key, b"b", value)

    def erase_key(self, key: str) -> None:
        """Erase the key. OSError when it is not there."""
        try:
            os.remove(self._prefix + key)
        except OSError:
            raise OSError(NOT_FOUND, "ESP_ERR_NVS_NOT_FOUND") from None

    def commit(self) -> None:
        """Nothing to do: each write is a renamed file already."""

    def free_entries(self) -> int:
        """How many entries of 32 bytes are left, counted as ESP-IDF counts them."""
        used = 0
        for name in os.listdir(self._folder):
            size = os.stat(self._folder + "/" + name)[6]
            used += 1 if size < 13 else 2 + -(-size // _ENTRY_BYTES)
        return _ENTRIES - used

    def _open(self, key: str, kind: bytes) -> "Any":
        """The open file, positioned at its value."""
        try:
            file = open(self._prefix + key, "rb")  # noqa: SIM115  (closed by the caller)
        except OSError:
            raise OSError(NOT_FOUND, "ESP_ERR_NVS_NOT_FOUND") from None
        if file.read(1) != kind:
            file.close()
            raise OSError(NOT_FOUND, "ESP_ERR_NVS_NOT_FOUND")
        return file

    def _write(self, key: str, kind: bytes, value: "bytes | bytearray | memoryview") -> None:
        with open(self._prefix + key + "~", "wb") as file:
            file.write(kind)
            file.write(value)
        os.rename(self._prefix + key + "~", self._prefix + key)
