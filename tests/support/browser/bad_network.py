"""A network that is slow, cuts connections and loses answers, between a browser and a server."""

import socket
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress

from tests.support.processes.kitchen import Server, free_port

CHUNK = 65_536


class BadNetwork:
    """Passes bytes on to a server, each piece of a request `delay_s` late.

    Of every `cut_every` connections the last is cut in place of its first answer. `lose` names a
    request whose answer is lost, once, after something is called: `lose("POST /app/orders", kill)`.
    While `down`, nobody is connected.
    """

    def __init__(self, server: Server, delay_s: float = 0.4, cut_every: int = 0) -> None:
        self._to = server.port
        self._delay_s, self._cut_every = delay_s, cut_every
        self.down, self.cuts = False, 0
        self._lost: tuple[bytes, Callable[[], object]] | None = None
        self._listener = socket.create_server(("127.0.0.1", free_port()))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._open: list[socket.socket] = []

    def lose(self, request: str, call: Callable[[], object]) -> None:
        self._lost = request.encode(), call

    def serve(self) -> None:
        """Take connections until the listener is closed."""
        number = 0
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                number += 1
                cut = self._cut_every > 0 and number % self._cut_every == 0
                threading.Thread(target=self._connect, args=(near, cut), daemon=True).start()

    def close(self) -> None:
        self._listener.close()
        for end in self._open:
            end.close()

    def _connect(self, near: socket.socket, cut: bool) -> None:
        self._open.append(near)
        far = None
        with suppress(OSError):
            if not self.down:
                far = socket.create_connection(("127.0.0.1", self._to))
                self._open.append(far)
                threading.Thread(target=self._answer, args=(far, near, cut), daemon=True).start()
                self._ask(near, far)
        _cut(near, far)

    def _ask(self, near: socket.socket, far: socket.socket) -> None:
        while asked := near.recv(CHUNK):
            time.sleep(self._delay_s)
            if self.down:
                return
            if self._lost is not None and asked.startswith(self._lost[0]):
                self._lose_answer(far, asked)
                return
            far.sendall(asked)

    def _lose_answer(self, far: socket.socket, asked: bytes) -> None:
        """The server has done it, and nobody hears of it."""
        assert self._lost is not None
        (_, call), self._lost = self._lost, None
        self.cuts += 1
        answered = _Tap(far)
        far.sendall(asked)
        answered.wait()
        call()

    def _answer(self, far: socket.socket, near: socket.socket, cut: bool) -> None:
        with suppress(OSError):
            while answer := far.recv(CHUNK):
                if cut or _Tap.is_on(far) or self.down:
                    self.cuts += cut
                    break
                near.sendall(answer)
        _Tap.heard(far)
        _cut(near, None if _Tap.is_on(far) else far)


class _Tap:
    """Whoever waits for the first bytes of an answer that is then lost."""

    _on: dict[socket.socket, threading.Event] = {}  # noqa: RUF012

    def __init__(self, far: socket.socket) -> None:
        self._heard = self._on[far] = threading.Event()

    def wait(self) -> None:
        assert self._heard.wait(10), "the server did not answer"

    @classmethod
    def is_on(cls, far: socket.socket) -> bool:
        return far in cls._on

    @classmethod
    def heard(cls, far: socket.socket) -> None:
        if far in cls._on:
            cls._on[far].set()


def _cut(*ends: socket.socket | None) -> None:
    for end in ends:
        if end is not None:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextmanager
def bad_network(server: Server, delay_s: float = 0.4, cut_every: int = 0) -> Generator[BadNetwork]:
    """A bad network to the server, as long as the block runs."""
    network = BadNetwork(server, delay_s, cut_every)
    threading.Thread(target=network.serve, daemon=True).start()
    yield network
    network.close()
