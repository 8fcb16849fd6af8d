"""Whoever is told to come again later is told so late."""

import asyncio
from typing import Any

import pytest
from starlette.responses import Response
from starlette.types import Message

from yaguts.http.refusals import late_refusals
from yaguts.http.refusals.late_refusals import LateRefusals

SCOPE: dict[str, Any] = {"type": "http", "method": "GET", "path": "/", "headers": []}


def slept(monkeypatch: pytest.MonkeyPatch, answer: Response, late_s: float = 1) -> list[float]:
    """For how long each answer was kept back, in seconds."""
    pauses: list[float] = []
    sent: list[Message] = []

    async def pause(seconds: float) -> None:
        assert sent == []
        pauses.append(seconds)

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    monkeypatch.setattr(late_refusals.asyncio, "sleep", pause)
    asyncio.run(LateRefusals(answer, late_s)(SCOPE, receive, send))
    assert sent[0]["status"] == answer.status_code
    return pauses


def test_only_what_says_when_to_come_again_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    later = {"Retry-After": "2"}

    assert slept(monkeypatch, Response(status_code=503, headers=later)) == [1]
    assert slept(monkeypatch, Response(status_code=429, headers=later)) == [1]
    assert slept(monkeypatch, Response(status_code=503)) == []
    assert slept(monkeypatch, Response("well")) == []
    assert slept(monkeypatch, Response(status_code=503, headers=later), late_s=0) == []
