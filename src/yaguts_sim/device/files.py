"""The file system of a board with two slots: what a power cut leaves of the last write.

A write ends in one of the ways of `Torn`: half of the new bytes may be there, or other bytes in
their place (`GONE`). To rename or to remove happens whole or not at all.
"""

from collections.abc import Callable, Iterator
from typing import Any

from yaguts_sim.device.flash import FlashKey, FlashWatch
from yaguts_sim.engine.clock import Halted
from yaguts_sim.faults.kinds import Torn

PIECE_BYTES = 512
PLATFORM = {"hardware": "esp32", "bytecode": "6.3", "micropython": "1.28"}
FILES = "files"
"""Stands in the place of a namespace when a file operation is watched."""


def _never(_operation: str, _key: FlashKey) -> Torn | None:
    return None


class SimFiles:
    """The files of the root, by their paths. They outlive every power cut."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}
        self.operations = 0
        self.watch: FlashWatch = _never
        self.room = 1 << 20
        """How many bytes fit in."""

    def opened(self, alive: Callable[[], None]) -> "OpenedFiles":
        """The files as one boot of the firmware sees them."""
        return OpenedFiles(self, alive)

    def append(self, path: str, data: bytes) -> None:
        """Write at a file's end, or as much of it as the power allows. `Halted` when it fails."""
        torn = self._passed("append", path)
        before = self.contents.get(path, b"")
        if torn is Torn.HALF:
            self.contents[path] = before + data[: len(data) // 2]
        elif torn is Torn.GONE:
            self.contents[path] = before + bytes(len(data))
        elif torn in (None, Torn.AFTER):
            if self.free_bytes() < len(data):
                raise OSError(28, "ENOSPC")
            self.contents[path] = before + data
        if torn is not None:
            raise Halted

    def rename(self, old: str, new: str) -> None:
        """Move a file over what is there. `Halted` when the power fails."""
        if old not in self.contents:
            raise OSError(2, "ENOENT")
        torn = self._passed("rename", new)
        if torn in (None, Torn.AFTER):
            self.contents[new] = self.contents.pop(old)
        if torn is not None:
            raise Halted

    def remove(self, path: str) -> None:
        """Remove a file. `Halted` when the power fails."""
        if path not in self.contents:
            return
        torn = self._passed("remove", path)
        if torn in (None, Torn.AFTER):
            del self.contents[path]
        if torn is not None:
            raise Halted

    def free_bytes(self) -> int:
        """How much room there is."""
        return self.room - sum(map(len, self.contents.values()))

    def _passed(self, operation: str, path: str) -> Torn | None:
        torn = self.watch(operation, (FILES, path))
        self.operations += torn is None
        return torn


class OpenedFiles:
    """The interface that `yaguts_device.hal.board` describes."""

    def __init__(self, files: SimFiles, alive: Callable[[], None]) -> None:
        self._files = files
        self._alive = alive

    def size(self, path: str) -> int:
        self._alive()
        content = self._files.contents.get(path)
        return -1 if content is None else len(content)

    def pieces(self, path: str) -> Iterator[bytes]:
        self._alive()
        content = self._files.contents.get(path, b"")
        for place in range(0, len(content), PIECE_BYTES):
            yield content[place : place + PIECE_BYTES]

    def append(self, path: str, data: bytes | bytearray) -> None:
        self._alive()
        self._files.append(path, bytes(data))

    def rename(self, old: str, new: str) -> None:
        self._alive()
        self._files.rename(old, new)

    def remove(self, path: str) -> None:
        self._alive()
        self._files.remove(path)

    def below(self, folder: str) -> Iterator[str]:
        self._alive()
        yield from sorted(path for path in self._files.contents if path.startswith(folder + "/"))

    def free_bytes(self) -> int:
        self._alive()
        return self._files.free_bytes()

    def platform(self) -> dict[str, Any]:
        return dict(PLATFORM)
