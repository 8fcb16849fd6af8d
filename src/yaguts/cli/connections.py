"""Which connections a server keeps, and for how long. uvicorn itself has no such limits.

A connection is a stranger's until a person or a dispenser is recognised on it. When there is no
room for another one, the oldest stranger's is cut, or the oldest person's where people have more of
them. So is every connection on which a request takes too long to arrive.
"""

import resource
from asyncio import TimerHandle, Transport
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_WITHIN_S = 10
BODY_WITHIN_S = 30
LAST_CALLS_S = 0.5
"""So long a server that ends takes requests on connections that it has. A proxy may send one at the
moment at which the connection is closed, and must not send it again elsewhere."""
LARGEST_HEAD = 32 * 1024
"""The longest first line and headers, in bytes."""
STRANGERS_OF_ADDRESS = 100
"""A proxy is exempt: all people come from its address."""
MOST_FILES = 65_536
_OTHER_FILES = 256
"""Room for the database, logs and the library's own files."""


class Connections:
    """The connections of one process, at most so many. `is_proxy` tells a proxy's address."""

    def __init__(self, most: int, is_proxy: Callable[[str], bool]) -> None:
        self._most, self._is_proxy = most, is_proxy
        self._all: set[GuardedProtocol] = set()
        # Each in the order of arrival, but people in that of their being recognised.
        self._strangers: dict[GuardedProtocol, None] = {}
        self._people: dict[GuardedProtocol, None] = {}
        self._of_address: defaultdict[str, dict[GuardedProtocol, None]] = defaultdict(dict)

    def admit(self, connection: "GuardedProtocol") -> None:
        """Take in a new connection. Where there is no room for it, cut another one."""
        address = connection.address
        neighbours = self._of_address[address]
        if len(neighbours) >= STRANGERS_OF_ADDRESS and not self._is_proxy(address):
            next(iter(neighbours)).cut()
        if len(self._all) >= self._most:
            # Who comes in with nothing said yet may be a dispenser: it needs a while to say so.
            most = max(self._strangers, self._people, key=len)
            oldest = next(iter(most), connection)
            oldest.cut()
            if oldest is connection:
                return
        self._all.add(connection)
        self._strangers[connection] = self._of_address[address][connection] = None

    def recognise(self, connection: "GuardedProtocol", *, is_dispenser: bool) -> None:
        """Whoever calls on it is known. A dispenser's is never cut in favour of another one."""
        if connection not in self._all:
            return
        self._leave(connection)
        if not is_dispenser:
            self._people[connection] = None

    def forget(self, connection: "GuardedProtocol") -> None:
        """It is closed."""
        self._all.discard(connection)
        self._leave(connection)

    def _leave(self, connection: "GuardedProtocol") -> None:
        self._strangers.pop(connection, None)
        self._people.pop(connection, None)
        self._of_address[connection.address].pop(connection, None)
        if not self._of_address[connection.address]:
            del self._of_address[connection.address]


class GuardedProtocol(HttpToolsProtocol):
    """uvicorn's protocol, with deadlines, a bound for headers, and a place among `connections`.

    `is_last`: its server ends, so each answer says that the connection ends.
    """

    # With more than thirty names in its dictionary, each would take a kilobyte more.
    __slots__ = (
        "_alarm",
        "_connections",
        "_due",
        "_head_bytes",
        "_is_dispensers",
        "address",
        "is_last",
    )

    def __init__(self, connections: Connections, **uvicorns: Any) -> None:
        super().__init__(**uvicorns)
        self.address = ""
        self._connections = connections
        self._due: float | None = None
        self._alarm: TimerHandle | None = None
        self._head_bytes: int | None = 0
        self._is_dispensers: bool | None = None
        self.is_last = False

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Called by asyncio."""
        super().connection_made(transport)
        self.address = self.client[0] if self.client else ""
        self._expect(HEAD_WITHIN_S)
        self._connections.admit(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by asyncio."""
        self._connections.forget(self)
        super().connection_lost(exc)
        self._unset_keepalive_if_required()  # uvicorn keeps it after a reset.
        self._let_go()

    def data_received(self, data: bytes) -> None:
        """Called by asyncio."""
        if self._head_bytes is None:
            super().data_received(data)
        elif self._head_bytes > LARGEST_HEAD:
            self.cut()
        else:
            self._head_bytes += len(data)
            if self._due is None:  # An empty line begins no message, for the parser.
                self._expect(HEAD_WITHIN_S)
            super().data_received(data)

    def on_message_begin(self) -> None:
        """Called by the parser."""
        super().on_message_begin()
        self._head_bytes = 0
        self._expect(HEAD_WITHIN_S)
        if not self._is_dispensers:
            self.scope.setdefault("state", {})["recognised"] = self._recognised

    def on_headers_complete(self) -> None:
        """Called by the parser."""
        self._head_bytes = None
        self._expect(BODY_WITHIN_S)
        super().on_headers_complete()
        if self.is_last:
            self._close_after_answer()

    def on_message_complete(self) -> None:
        """Called by the parser."""
        self._head_bytes = 0
        self._expect(None)
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """Called when another protocol takes over. It has pings and a deadline of its own."""
        self._connections.forget(self)
        super().handle_websocket_upgrade()
        self._let_go()

    def shutdown(self) -> None:
        """Called when the server ends."""
        self.is_last = True
        self._close_after_answer()
        self.loop.call_later(LAST_CALLS_S, super().shutdown)

    def _close_after_answer(self) -> None:
        if self.cycle:
            self.cycle.keep_alive = False

    def cut(self) -> None:
        """Close the connection at once, whatever it is about."""
        self._expect(None)
        self._connections.forget(self)
        self.transport.abort()

    def _let_go(self) -> None:
        """Refer to nothing that refers to this connection. Such garbage is searched for seldom."""
        self._expect(None)
        self._set_alarm(None)
        self.scope = self.cycle = self.parser = None  # type: ignore[assignment]
        self.pipeline.clear()

    def _expect(self, within_s: float | None) -> None:
        """Cut the connection after so long. None: nothing is expected.

        An alarm that is too early stays: to set one for each part of a request costs more than the
        request.
        """
        self._due = None if within_s is None else self.loop.time() + within_s
        if self._due is not None and (self._alarm is None or self._alarm.when() > self._due):
            self._set_alarm(self._due)

    def _set_alarm(self, at: float | None) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = None if at is None else self.loop.call_at(at, self._ring)

    def _ring(self) -> None:
        if self._due is not None and self._due <= self.loop.time():
            self.cut()
        else:
            self._set_alarm(self._due)

    def _recognised(self, *, is_dispenser: bool) -> None:
        """Called in any thread. A proxy's may be a person's first and then a dispenser's."""
        if self._is_dispensers is None or is_dispenser > self._is_dispensers:
            self._is_dispensers = is_dispenser
            recognise = partial(self._connections.recognise, self, is_dispenser=is_dispenser)
            self.loop.call_soon_threadsafe(recognise)


def guarded(is_proxy: Callable[[str], bool]) -> Callable[..., GuardedProtocol]:
    """What makes uvicorn's protocols. Raises the limit of open files to what it may be."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return partial(GuardedProtocol, Connections(max(files - _OTHER_FILES, files // 2), is_proxy))
