"""Who comes to a simulated board's own access point: connections from memory."""

from collections.abc import Callable
from errno import EAGAIN

ACCESS_POINT = ("192.168.4.1", 80, 53)
"""Its address, and its ports for HTTP and DNS."""


class Visitor:
    """A connection of somebody's phone. `sent` is what it says; an answer goes into `heard`."""

    def __init__(self, sent: bytes, on_closed: Callable[[], object] = lambda: None) -> None:
        self._left = sent
        self._on_closed = on_closed
        self.heard = b""

    def setblocking(self, _blocking: bool) -> None:
        """Nothing here waits anyway."""

    def recv(self, most: int) -> bytes:
        """Some of what it says. OSError while it says no more."""
        if not self._left:
            raise BlockingIOError(EAGAIN, "EAGAIN")
        said, self._left = self._left[:most], self._left[most:]
        return said

    def send(self, data: bytes) -> int:
        """Say something to it."""
        self.heard += data
        return len(data)

    def close(self) -> None:
        """Hang up."""
        self._on_closed()


class Listener:
    """A socket at which visitors wait, in the order in which they came. Nobody asks for names."""

    def __init__(self, visitors: list[Visitor]) -> None:
        self._visitors = visitors

    def accept(self) -> tuple[Visitor, None]:
        """The next visitor. OSError when nobody waits."""
        if not self._visitors:
            raise BlockingIOError(EAGAIN, "EAGAIN")
        return self._visitors.pop(0), None

    def recvfrom(self, _most: int) -> tuple[bytes, None]:
        """The next datagram. OSError: there is none."""
        raise BlockingIOError(EAGAIN, "EAGAIN")

    def sendto(self, _data: bytes, _whom: None) -> None:
        """Nobody has asked."""

    def close(self) -> None:
        """Listen no more."""
