"""The other side of the counter: a server in memory that hands out jobs and writes down reports."""

import asyncio
import json
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

from yaguts_wire.codec import encode

LATENCY_S = 0.01
STARTED_S = 1_800_000_000
"""Its clock when its event loop began, in unix seconds."""


class Counter:
    """Offers `offers` one after the other, books each report once, and can be out of reach.

    `answers` overrides what it says: path ending -> a function of the request's body that gives
    (status, message), None to hang up without a word. `pages`: path ending -> a raw answer, after
    which it hangs up.
    """

    def __init__(self, *offers: dict[str, Any]) -> None:
        self.offers = list(offers)
        self.forever = False
        self.reachable = True
        self.cancelling = False
        self.hanging = False
        self.slowness_s = LATENCY_S
        self.answers: dict[str, Callable[[dict[str, Any]], tuple[int, Any] | None]] = {}
        self.date_ahead_s = 0
        self.pages: dict[str, bytes] = {}
        self.requests: list[tuple[float, str, dict[str, Any]]] = []
        self.connections = 0
        self.serving: list[asyncio.Task[None] | None] = []
        self.accepted: set[str] = set()
        self.head = ""
        """The head of the latest request."""
        self.reports: dict[str, dict[str, Any]] = {}

    def heard(self, ending: str) -> list[tuple[float, dict[str, Any]]]:
        """(when, body) of every request to a path with this ending."""
        return [(when, body) for when, path, body in self.requests if path.endswith(ending)]

    async def connect(
        self, alive: Callable[[], None], loop: asyncio.AbstractEventLoop
    ) -> tuple[Any, Any]:
        """A connection from memory. Requests are answered in `loop`; `alive` ends a dead caller."""
        await asyncio.sleep(LATENCY_S)
        if not self.reachable:
            raise OSError(113, "EHOSTUNREACH")
        self.connections += 1
        reader = asyncio.StreamReader()
        return reader, _Writer(self, reader, alive, loop)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The same over a real socket, for `asyncio.start_server`."""
        self.serving.append(asyncio.current_task())
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = head.lower().partition(b"content-length: ")[2].partition(b"\r")[0]
                body = await reader.readexactly(int(length or 0))
                _, target, _ = head.partition(b"\r")[0].decode().split(" ")
                data = await self.answer(target, json.loads(body or b"{}"))
                if data is None:
                    break
                writer.write(data)
                await writer.drain()
                if data in self.pages.values():
                    break
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass
        writer.close()

    async def answer(self, target: str, body: dict[str, Any]) -> bytes | None:
        await asyncio.sleep(self.slowness_s)
        path = target.partition("?")[0]
        self.requests.append((asyncio.get_running_loop().time(), path, body))
        for ending, page in self.pages.items():
            if path.endswith(ending):
                return page
        said = await self._say(path, body)
        if said is None or not self.reachable:
            return None
        status, message = said
        data = b"" if message is None else encode(message)
        kind = "" if message is None else "Content-Type: application/json\r\n"
        date = formatdate(self._now_s(), usegmt=True)
        head = f"HTTP/1.1 {status} X\r\nDate: {date}\r\n{kind}Content-Length: {len(data)}\r\n\r\n"
        return head.encode() + data

    def _now_s(self) -> float:
        return STARTED_S + self.date_ahead_s + asyncio.get_running_loop().time()

    async def _say(self, path: str, body: dict[str, Any]) -> tuple[int, Any] | None:
        for ending, override in self.answers.items():
            if path.endswith(ending):
                return override(body)
        if path == "/time":
            return 200, {"utc": "2026-11-24T12:00:00Z"}
        if path == "/devices/claim":
            return 200, {"device_id": 5, "device_token": "s" * 43, "heartbeat_sec": 30}
        if path.endswith("/next_job"):
            return await self._next_job()
        if path.endswith("/accept"):
            self.accepted.add(body["job_key"])
            return 200, {"ok": True, "job_key": body["job_key"]}
        if path.endswith("/progress"):
            return 200, {"ok": True, "cancelar": self.cancelling}
        if path.endswith("/complete"):
            self.reports.setdefault(body["job_key"], body)
        return 200, {"ok": True, "stock_deducted": True}

    async def _next_job(self) -> tuple[int, Any]:
        waiting = [
            offer
            for offer in self.offers
            if self.forever or offer["job_key"] not in self.accepted | self.reports.keys()
        ]
        if waiting:
            return 200, waiting[0]
        await asyncio.sleep(25)
        return 204, None


class _Writer:
    """What the board writes to. A request that is complete is answered into the reader."""

    def __init__(
        self,
        counter: Counter,
        reader: asyncio.StreamReader,
        alive: Callable[[], None],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._counter, self._reader, self._alive, self._loop = counter, reader, alive, loop
        self._sent = b""

    def write(self, data: bytes) -> None:
        self._alive()
        self._sent += data

    async def drain(self) -> None:
        self._alive()
        if not self._counter.reachable:
            raise OSError(104, "ECONNRESET")
        head, _, body = self._sent.partition(b"\r\n\r\n")
        _, target, _ = head.split(b"\r\n")[0].decode().split(" ")
        self._counter.head, self._sent = head.decode(), b""
        message = json.loads(body) if body else {}
        answering = self._loop.create_task(self._answer(target, message))
        answering.add_done_callback(asyncio.Task.result)  # so that the loop hears of an error

    async def _answer(self, target: str, body: dict[str, Any]) -> None:
        data = await self._counter.answer(target, body)
        if data is None and self._counter.hanging:
            return
        if data is None:
            self._reader.feed_eof()
        else:
            self._reader.feed_data(data)

    def close(self) -> None:
        self._reader.feed_eof()

    async def wait_closed(self) -> None:
        pass
