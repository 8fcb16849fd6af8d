"""A server that offers a job at each poll: one that it offered before, or a new one each time."""

import json
from typing import Any

from yaguts_sim.engine.clock import Microseconds, World
from yaguts_wire import dispenser_words as w

_POLL = b"GET /devices/me/next_job"
_FIRST_ID = 900_000
"""The real server knows no job with such an id, so it lets none of them start."""


class EndlessOffers:
    """The offers that one dispenser gets in place of the server's answers, until an instant.

    Modes: "old", "new", and "both" by turns.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._until: Microseconds = 0
        self._mode = ""
        self._latest: dict[str, Any] = {}
        self._count = 0

    def begin(self, mode: str, span: Microseconds) -> None:
        """Offer something at each poll for so long."""
        self._mode, self._until = mode, self._world.now + span

    def note(self, answer: bytes) -> None:
        """Note an answer of the real server if it is an offer."""
        if b'"itens":' in answer:
            self._latest = json.loads(answer.partition(b"\r\n\r\n")[2])

    def answer_to(self, request: bytes) -> bytes:
        """The offer in place of the server's answer; nothing when the server shall answer."""
        if self._world.now >= self._until or not self._latest or not request.startswith(_POLL):
            return b""
        self._count += 1
        is_old = self._mode == "old" or (self._mode == "both" and self._count % 2)
        body = json.dumps(self._latest if is_old else self._new()).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        return head.encode() + b"\r\n\r\n" + body

    def _new(self) -> dict[str, Any]:
        number = _FIRST_ID + self._count
        return {**self._latest, w.ID: number, w.JOB_KEY: f"{number:032x}"}
