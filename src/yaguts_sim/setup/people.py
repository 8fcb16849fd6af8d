"""People who call the server. It answers at once, or not at all when it is down."""

import json
from typing import Any

from yaguts_sim.engine.clock import Loop, World
from yaguts_sim.server.asgi import Request, ServerAnswer
from yaguts_sim.server.process import PERSON, ServerProcess
from yaguts_wire import words as w

_ANSWERED_WITHIN_US = 60_000_000
_COOKIE = "yaguts_session"
_OK, _NOT_SIGNED_IN = 200, 401
CREDENTIALS = {w.NAME: "Ana", w.PASSWORD: "colher de pau 7"}


def ask(
    server: ServerProcess, method: str, target: str, body: object = None, *headers: tuple[str, str]
) -> ServerAnswer | None:
    """The server's answer to one request; None when it was down, or died meanwhile.

    The request takes no time: it runs in a world of its own, while the other one waits.
    """
    if not server.up:
        return None
    data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    fields = [(name.encode(), value.encode()) for name, value in headers]
    if data:
        fields.append((b"content-type", b"application/json"))
        fields.append((b"content-length", str(len(data)).encode()))
    request = Request(method, target, [(b"host", b"localhost"), *fields], data)
    own_world, answers = World(), list[ServerAnswer]()
    server.call(PERSON, request, answers.append, Loop(own_world, "person"))
    own_world.run(_ANSWERED_WITHIN_US)
    return answers[0] if answers else None


class SimPerson:
    """A person with an account. `cookie`: the session's token."""

    def __init__(self, server: ServerProcess, cookie: str = "") -> None:
        self.server = server
        self.cookie = cookie

    def ask(self, method: str, target: str, body: object = None) -> ServerAnswer | None:
        """Send a request as a browser would. None when the server was down.

        Whose session is refused, because the server's clock is wrong, signs in elsewhere.
        """
        answer = self.with_session(self.cookie, method, target, body)
        if answer is None or answer.status != _NOT_SIGNED_IN:
            return answer
        self._sign_in()
        return self.with_session(self.cookie, method, target, body)

    def with_session(
        self, cookie: str, method: str, target: str, body: object = None
    ) -> ServerAnswer | None:
        """Send a request in one of the person's sessions. None when the server was down."""
        return ask(self.server, method, target, body, ("cookie", f"{_COOKIE}={cookie}"))

    def get(self, method: str, target: str, body: object = None) -> Any:
        """The body of the server's answer, which must be a success."""
        answer = self.ask(method, target, body)
        assert answer is not None
        assert answer.status < 300, answer
        return json.loads(answer.body or b"null")

    def sign_up(self) -> None:
        """Make an account and sign in."""
        self.get("POST", "/auth/register", CREDENTIALS)
        self._sign_in()

    def _sign_in(self) -> None:
        answer = ask(self.server, "POST", "/auth/login", CREDENTIALS)
        if answer is not None and answer.status == _OK:
            set_cookies = [value for name, value in answer.headers if name == b"set-cookie"]
            cookies = dict(cookie.decode().split("=", 1) for cookie in set_cookies)
            self.cookie = cookies[_COOKIE].partition(";")[0]
