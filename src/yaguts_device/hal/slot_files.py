"""The files of a board's root and its platform, as updates need them. Loaded only for that.

A path begins with "/". Each write is durable when its call returns; a power cut may leave any part
of the last one, or other bytes in its place. A rename happens whole or not at all.
"""

import os
import sys

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Iterator

    from yaguts_wire.shapes import Message

PIECE_BYTES = 512
_FOLDER = 0x4000


class SlotFiles:
    """The files below a folder; "" is the root of the board's file system."""

    def __init__(self, root: str, hardware: str) -> None:
        self._root = root
        self._hardware = hardware

    def size(self, path: str) -> int:
        """Its length in bytes; -1 when there is no such file."""
        try:
            return os.stat(self._root + path)[6]
        except OSError:
            return -1

    def pieces(self, path: str) -> "Iterator[bytes]":
        """Its bytes, 512 at a time; none when there is no such file."""
        try:
            file = open(self._root + path, "rb")  # noqa: SIM115  (closed below)
        except OSError:
            return
        with file:
            while True:
                piece = file.read(PIECE_BYTES)
                if not piece:
                    return
                yield piece

    def append(self, path: str, data: "bytes | bytearray") -> None:
        """Write at its end; a new file when there is none. OSError when the flash is full."""
        with open(self._root + path, "ab") as file:
            file.write(data)

    def rename(self, old: str, new: str) -> None:
        """Move a file into its place, over what is there. OSError when there is no such file."""
        folder = ""
        for part in new.split("/")[1:-1]:
            folder += "/" + part
            try:
                os.mkdir(self._root + folder)
            except OSError:  # it is there
                pass
        os.rename(self._root + old, self._root + new)

    def remove(self, path: str) -> None:
        """Remove a file. Nothing when there is none."""
        try:
            os.remove(self._root + path)
        except OSError:
            pass

    def below(self, folder: str) -> "Iterator[str]":
        """The paths of all files below a folder, as from the root."""
        try:
            names = sorted(os.listdir(self._root + folder))
        except OSError:  # there is no such folder
            return
        for name in names:
            path = folder + "/" + name
            if os.stat(self._root + path)[0] & _FOLDER:
                yield from self.below(path)
            else:
                yield path

    def free_bytes(self) -> int:
        """How much room the file system has."""
        told = os.statvfs(self._root + "/")
        return told[1] * told[3]

    def platform(self) -> "Message":
        """Under CPython there is no bytecode."""
        mpy: int = getattr(sys.implementation, "_mpy", 0)
        return {
            "hardware": self._hardware,
            "bytecode": "%d.%d" % (mpy & 255, mpy >> 8 & 3),
            "micropython": "%d.%d" % (sys.implementation.version[0], sys.implementation.version[1]),
        }


def chip() -> str:
    """The chip's name, as `esptool` gives it, in lower case: "esp32", "esp32-s3"."""
    name = sys.implementation._machine.split(" ")[-1].lower()  # type: ignore[attr-defined]  # noqa: SLF001
    return name[:5] + "-" + name[5:] if len(name) > 5 else name
