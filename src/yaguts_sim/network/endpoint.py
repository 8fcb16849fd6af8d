"""The server's end of a dispenser's connection: it reads HTTP/1.1 requests from bytes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus

import h11

from yaguts_sim.server.asgi import Exchange, Headers, Request, ServerAnswer
from yaguts_sim.server.process import ServerProcess

_END_OF_HEAD = b"\r\n\r\n"
_REFUSAL = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a request. `length`: of its body, in bytes."""

    method: str
    target: str
    headers: Headers
    length: int
    last: bool
    """Whether the connection ends with the answer."""


class Endpoint:
    """One accepted connection. Calls `answered` with each whole answer, `hung_up` at the end."""

    def __init__(
        self,
        server: ServerProcess,
        who: int,
        answered: Callable[[bytes], None],
        hung_up: Callable[[], None],
    ) -> None:
        self._server, self._who = server, who
        self._answered, self._hung_up = answered, hung_up
        self._received = b""
        self._call: Exchange | None = None
        self._life = server.life

    def data(self, data: bytes) -> None:
        """Receive bytes."""
        if self._alive():
            self._received += data
            self._pump()

    def closed(self) -> None:
        """Note that the other side has closed the connection."""
        if self._call is not None:
            self._call.hang_up()
        self._life = -1

    def _alive(self) -> bool:
        return self._server.up and self._life == self._server.life

    def _pump(self) -> None:
        """Pass the next request on, if it is complete and the one before is answered."""
        end = self._received.find(_END_OF_HEAD) + len(_END_OF_HEAD)
        if self._call is not None or end < len(_END_OF_HEAD):
            return
        head = _read_head(self._received[:end])
        if head is None:
            self._answered(_REFUSAL)
            self._hang_up()
        elif len(self._received) >= end + head.length:
            body = self._received[end : end + head.length]
            self._received = self._received[end + head.length :]
            self._ask(head, body)

    def _ask(self, head: Head, body: bytes) -> None:
        def done(answer: ServerAnswer) -> None:
            self._answer(head, answer)

        request = Request(head.method, head.target, head.headers, body)
        self._call = self._server.call(self._who, request, done)

    def _answer(self, head: Head, answer: ServerAnswer) -> None:
        self._call = None
        if not self._alive():
            return
        self._answered(_written(answer))
        if head.last:
            self._hang_up()
        else:
            self._pump()

    def _hang_up(self) -> None:
        self._life = -1
        self._hung_up()


@lru_cache(maxsize=4096)
def _read_head(data: bytes) -> Head | None:
    """The head that h11 reads; None when it is no request. Cached, because dispensers repeat."""
    http = h11.Connection(h11.SERVER)
    http.receive_data(data)
    try:
        request = http.next_event()
    except h11.RemoteProtocolError:
        return None
    assert isinstance(request, h11.Request)
    headers = tuple((name, value) for name, value in request.headers)
    length = int(dict(headers).get(b"content-length", b"0"))
    last = http.their_state is h11.MUST_CLOSE
    return Head(request.method.decode(), request.target.decode(), headers, length, last)


def _written(answer: ServerAnswer) -> bytes:
    lines = [b"HTTP/1.1 %d %s" % (answer.status, HTTPStatus(answer.status).phrase.encode())]
    lines += [b"%s: %s" % header for header in answer.headers]
    return b"\r\n".join(lines) + _END_OF_HEAD + answer.body
