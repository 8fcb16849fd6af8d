"""Read the body of a request, up to a limit, and check it before a handler uses it."""

from collections.abc import Awaitable, Callable, Generator, Hashable
from contextlib import contextmanager
from typing import NamedTuple

from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from yaguts.http.json_text import BadJson, check_json

LARGEST = 64 * 1024
"""The longest body that is accepted, in bytes, unless `largest` says otherwise."""
LARGE_AT_ONCE = 4
"""So many longer ones are in the memory of a process at a time, each from another sender."""
DRAINED = 16 * 1024 * 1024
"""A body that is too large is read and dropped up to this many bytes. A sender that cannot finish
sending sees a broken connection in place of the answer."""

Refuse = Callable[[Scope, int, str], ASGIApp]
TakesAnything = Callable[[Scope], bool]


class Allowed(NamedTuple):
    """How long a body may be, in bytes. `sender`: who has no other long one in memory then."""

    size: int
    sender: Hashable = None


Largest = Callable[[Scope], Awaitable[Allowed]]
"""Returns how long the body of a request may be, and whose it is."""

_UNSUPPORTED = ("request.media_type", "request.not_utf8")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class Disconnected(Exception):
    """The sender disconnected."""


class TooLarge(Exception):
    """The body is longer than the limit."""


class Crowded(Exception):
    """There is no room for one more long body now, or for one more of its sender."""


class BodyCheck:
    """ASGI middleware that answers an unusable body with 400, 413 or 415, or 503 for a while.

    `refuse` makes the answer from the request's scope, the status and the error code. Calls for
    which `takes_anything` is true get every body that is not too long, as it came. `largest` is
    asked where a body may be longer than `LARGEST`.
    """

    def __init__(
        self, app: ASGIApp, refuse: Refuse, takes_anything: TakesAnything, largest: Largest
    ) -> None:
        self._app, self._refuse, self._takes_anything = app, refuse, takes_anything
        self._largest, self._senders = largest, set[Hashable]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _has_body(headers := Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        allowed = await self._largest(scope) if _may_be_large(headers) else Allowed(LARGEST)
        try:
            with self._room_for(allowed):
                await self._checked(scope, headers, allowed.size, receive, send)
        except Crowded:
            await self._refuse(scope, 503, "request.crowded")(scope, receive, send)

    async def _checked(
        self, scope: Scope, headers: Headers, most: int, receive: Receive, send: Send
    ) -> None:
        try:
            body = await _read(headers, most, receive)
            if not self._takes_anything(scope):
                _check_usable(body, headers.get("content-type", ""))
        except Disconnected:
            return
        except TooLarge:
            code = "request.too_large" if most <= LARGEST else "request.file_too_large"
            await self._refuse(scope, 413, code)(scope, receive, send)
        except BadJson as error:
            status = 415 if error.code in _UNSUPPORTED else 400
            await self._refuse(scope, status, error.code)(scope, receive, send)
        else:
            await self._app(scope, replay(body, receive), send)

    @contextmanager
    def _room_for(self, allowed: Allowed) -> Generator[None]:
        """Hold a place for a long body while it is in memory. Raises `Crowded`."""
        if allowed.size <= LARGEST:
            yield
            return
        if len(self._senders) >= LARGE_AT_ONCE or allowed.sender in self._senders:
            raise Crowded
        self._senders.add(allowed.sender)
        try:
            yield
        finally:
            self._senders.remove(allowed.sender)


def _has_body(headers: Headers) -> bool:
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"


def _may_be_large(headers: Headers) -> bool:
    declared = headers.get("content-length", "")
    return not declared.isdecimal() or int(declared) > LARGEST


async def _read(headers: Headers, most: int, receive: Receive) -> bytes:
    declared = headers.get("content-length", "")
    if "expect" in headers and declared.isdecimal() and int(declared) > most:
        raise TooLarge  # the sender waits for an answer before it sends the body
    body, size, more = bytearray(), 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        chunk = message.get("body", b"")
        size, more = size + len(chunk), message.get("more_body", False)
        if size <= most:
            body += chunk
        elif size > DRAINED:
            raise TooLarge
    if size > most:
        raise TooLarge
    return bytes(body)


def _check_usable(body: bytes, content_type: str) -> None:
    kind = content_type.partition(";")[0].strip().lower()
    _check_charset(content_type)
    if not body or kind == "multipart/form-data":
        return
    if kind in _FORMS:
        _check_utf8(body)
    elif not kind or kind == "application/json" or kind.endswith("+json"):
        check_json(body)
    else:
        raise BadJson("request.media_type")


def _check_charset(content_type: str) -> None:
    """Refuse any other character set: Starlette decodes a form with the one that is named.

    Python remembers each name that it was asked for, and some of its decoders are slow.
    """
    _, options = parse_options_header(content_type)
    if options.get(b"charset", b"utf-8").lower() not in (b"utf-8", b"utf8"):
        raise BadJson("request.not_utf8")


def _check_utf8(body: bytes) -> None:
    try:
        body.decode()
    except UnicodeDecodeError:
        raise BadJson("request.not_text") from None


def replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body, and then the server's messages."""
    replayed = False

    async def receive_again() -> Message:
        nonlocal replayed
        if replayed:
            return await receive()
        replayed = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
