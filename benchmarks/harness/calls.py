"""Calls on connections that are kept, with as little work for the caller as can be."""

import asyncio
import json
from typing import Any, Self

HERE = "127.0.0.1"
_HEAD_END = b"\r\n\r\n"


def request(
    method: str, path: str, *headers: str, body: object = None, host: str = "localhost"
) -> bytes:
    """The bytes of a request, with a body in JSON if there is one."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *headers]
    text = b"" if body is None else json.dumps(body).encode()
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(text)}"]
    return "\r\n".join(lines).encode() + _HEAD_END + text


def as_dispenser(token: str) -> str:
    """The header of a dispenser with this token."""
    return f"Authorization: Bearer {token}"


def as_person(session: str) -> str:
    """The header of a person with this session."""
    return f"Cookie: yaguts_session={session}"


def status_of(head: bytes) -> int:
    """The status in the first bytes of an answer."""
    return int(head[9:12])


def length_of(head: bytes) -> int:
    """How many bytes follow the head of an answer."""
    lower = head.lower()
    place = lower.find(b"content-length:")
    return 0 if place < 0 else int(lower[place + 15 : lower.index(b"\r\n", place)])


class Caller:
    """One kept connection, in asyncio. Only one call at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def connect(cls, port: int) -> Self:
        """A connection to a server on this computer."""
        return cls(*await asyncio.open_connection(HERE, port))

    async def call(self, sent: bytes) -> tuple[int, Any]:
        """Send a request. Returns the status, and what the body says, or None without one."""
        self._writer.write(sent)
        head = await self._reader.readuntil(_HEAD_END)
        body = await self._reader.readexactly(length_of(head))
        return status_of(head), json.loads(body) if body else None

    def close(self) -> None:
        """Close it."""
        self._writer.close()
