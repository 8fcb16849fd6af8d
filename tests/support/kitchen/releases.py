"""Releases for tests: published without a signature that anybody looks at, and boards that take
them.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household
from yaguts.domain.firmware.release import Channel, Release
from yaguts.domain.firmware.rollout import STAGES
from yaguts.services.dispensers.updates import publishing
from yaguts.storage.releases import SignedBytes
from yaguts_wire import update_words as w

KEY = "0123456789abcdef"
FILES = (b"one" * 1000, b"", b"three")
FACTS: Mapping[str, Any] = {
    w.RELEASE: 1,
    w.SLOT: "a",
    w.HARDWARE: "esp32",
    w.BYTECODE: "6.3",
    w.MICROPYTHON: "1.28",
    w.KEYS: [KEY],
}
"""What a board tells of itself."""


def publish(
    home: Household | Furnished,
    number: int = 2,
    channel: Channel = Channel.STABLE,
    stages: tuple[int, ...] = STAGES,
    **changes: Any,
) -> None:
    """Publish a release that fits the boards of the tests."""
    expires_at = home.clock() + timedelta(days=90)
    fits = Release(number, "0.3.0", "esp32", "6.3", None, "0.2.0", None, expires_at, KEY)
    signed = SignedBytes(
        str(changes | {"number": number}).encode(), b"s" * w.SIGNATURE_BYTES, FILES
    )
    publishing.publish(home.site, replace(fits, **changes), signed, channel, stages)
    home.clock.passes(seconds=1)


def beat(board: Any, update: Mapping[str, Any] | None = None, **facts: Any) -> int | None:
    """A heartbeat that tells what the board is; the release that it is offered."""
    status: dict[str, Any] = {**FACTS, **facts}
    if update is not None:
        status[w.UPDATE] = update
    answer = board.post("/devices/me/heartbeat", json={"fw_version": "0.2.0", "status": status})
    assert answer.status_code == 200, answer.text
    return answer.json().get(w.UPDATE_OFFERED, {}).get(w.RELEASE)


def says(state: str, reason: str | None = None, release: int = 2) -> dict[str, Any]:
    """What a board tells of an update."""
    told: dict[str, Any] = {w.RELEASE: release, w.STATE: state}
    return told if reason is None else told | {w.REASON: reason}
