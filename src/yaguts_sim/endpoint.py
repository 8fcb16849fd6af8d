"""The server's end of a dispenser's connection: bytes become requests, by the rules of HTTP/1.1."""

from collections.abc import Callable

import h11

from yaguts_sim.asgi import Answer, Exchange, Request
from yaguts_sim.server import Server


class Endpoint:
    """One accepted connection. `answered` gets each whole answer, `hung_up` the end."""

    def __init__(
        self,
        server: Server,
        who: int,
        answered: Callable[[bytes], None],
        hung_up: Callable[[], None],
    ) -> None:
        self._server, self._who = server, who
        self._answered, self._hung_up = answered, hung_up
        self._http = h11.Connection(h11.SERVER)
        self._head: h11.Request | None = None
        self._body = b""
        self._call: Exchange | None = None
        self._life = server.life

    def data(self, data: bytes) -> None:
        """Bytes arrive."""
        if self._alive():
            self._http.receive_data(data)
            self._pump()

    def closed(self) -> None:
        """The other side is gone."""
        if self._call is not None:
            self._call.hang_up()
        self._life = -1

    def _alive(self) -> bool:
        return self._server.up and self._life == self._server.life

    def _pump(self) -> None:
        while True:
            try:
                event = self._http.next_event()
            except h11.RemoteProtocolError:
                self._refuse()
                return
            if isinstance(event, h11.Request):
                self._head, self._body = event, b""
            elif isinstance(event, h11.Data):
                self._body += event.data
            elif isinstance(event, h11.EndOfMessage):
                self._ask()
            else:
                return

    def _ask(self) -> None:
        head = self._head
        assert head is not None
        headers = [(name, value) for name, value in head.headers]
        request = Request(head.method.decode(), head.target.decode(), headers, self._body)
        self._call = self._server.call(self._who, request, self._answer)

    def _answer(self, answer: Answer) -> None:
        self._call = None
        if not self._alive():
            return
        head = h11.Response(status_code=answer.status, headers=list(answer.headers))
        data = self._http.send(head) or b""
        if answer.body:
            data += self._http.send(h11.Data(data=answer.body)) or b""
        self._answered(data + (self._http.send(h11.EndOfMessage()) or b""))
        if self._http.our_state is h11.MUST_CLOSE:
            self._hang_up()
        else:
            self._http.start_next_cycle()
            self._pump()

    def _refuse(self) -> None:
        self._answered(
            b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        )
        self._hang_up()

    def _hang_up(self) -> None:
        self._life = -1
        self._hung_up()
