"""A person's calls to a running server, as a browser would make them: JSON and a cookie."""

import json
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPCookieProcessor, Request, build_opener

from yaguts_wire import words as w

TIMEOUT_S = 10


class ServerRefused(RuntimeError):
    """The server answered with an error; the text is its sentence."""


class Client:
    """One person's session with the server at `address`."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> Any:
        """What the server has at the path."""
        return self._call("GET", path, None)

    def post(self, path: str, body: object = None) -> Any:
        """The server's answer to something new."""
        return self._call("POST", path, body)

    def put(self, path: str, body: object) -> Any:
        """The server's answer to something changed."""
        return self._call("PUT", path, body)

    def is_up(self) -> bool:
        """Whether anybody answers at the address."""
        try:
            self.get("/time")
        except (URLError, ConnectionError, TimeoutError):
            return False
        return True

    def _call(self, method: str, path: str, body: object) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(  # noqa: S310 the address is the demo's own
            self.address + path,
            data=data,
            method=method,
            headers={"Content-Type": "application/json"},
        )
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as answer:
                return json.loads(answer.read() or b"null")
        except HTTPError as error:
            raise ServerRefused(_sentence(error)) from error


def _sentence(error: HTTPError) -> str:
    try:
        return str(json.loads(error.read())[w.DETAIL])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {error.code}"
