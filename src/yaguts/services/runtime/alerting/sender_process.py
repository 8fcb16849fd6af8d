"""The process that delivers alerts: a line of JSON in, a line of JSON out.

In: `url`, `allowed` (private networks), `title`, `text`, `timestamp`; for a webhook also `key`,
`id` and `body`, for a browser `body` and `browser`. Out: `fault`, which is null when the other side
has taken the message, `detail`, and `asked_s`, for how many seconds it asked to be left alone. The
process ends with its input, or when it has had nothing to do for a while.
"""

import json
import logging
import os
import re
from select import select
from typing import Any

from yaguts.domain.alerts.addresses import parsed
from yaguts.domain.alerts.delivery import AlertFault, Failed
from yaguts.domain.errors import BadTarget
from yaguts.services.runtime.alerting.guard import Guard
from yaguts.services.runtime.alerting.push import push
from yaguts.services.runtime.alerting.webhook import ID, SIGNATURE, TIMESTAMP, post, signature

IDLE_S = 60
_LONGEST_DETAIL = 200
_LEAST_SECRET = 4
_CONNECTING = ("Connection", "connection", "resolve", "Timeout", "timed out", "SSL")


class LastSaid(logging.Handler):
    """Keeps the last thing that Apprise said: it returns no reason for a failure."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.lines.append(record.getMessage())


def main() -> None:
    """Answer until there is nothing more to do."""
    requests, answers = os.fdopen(0, "rb", 0), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # Nothing that a library prints is an answer.
    guard = Guard()
    guard.stand()
    while select([requests], [], [], IDLE_S)[0] and (line := requests.readline()):
        failed = answer(json.loads(line), guard)
        told: dict[str, object] = {"fault": None}
        if failed is not None:
            told = {
                "fault": failed.fault,
                "detail": failed.detail[:_LONGEST_DETAIL],
                "asked_s": failed.asked_s,
            }
        answers.write(json.dumps(told).encode() + b"\n")
        answers.flush()


def answer(request: dict[str, Any], guard: Guard) -> Failed | None:
    """Send one message."""
    guard.allowed, guard.refused = tuple(request["allowed"]), False
    if "body" not in request:
        return _by_apprise(request, guard)
    body = request["body"].encode()
    if "browser" in request:
        now_s = int(request["timestamp"])
        return push(request["url"], body, request["browser"], now_s, guard.insist)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Yaguts",
        ID: request["id"],
        TIMESTAMP: request["timestamp"],
        SIGNATURE: signature(request["key"], request["timestamp"], body),
    }
    return post(request["url"], body, headers, guard.insist)


def _by_apprise(request: dict[str, Any], guard: Guard) -> Failed | None:
    from apprise import Apprise, AppriseAsset, NotifyFormat  # noqa: PLC0415  (it takes 36 MB)
    from apprise.common import PersistentStoreMode  # noqa: PLC0415

    try:
        parsed(request["url"])
    except BadTarget:
        return Failed(AlertFault.UNUSABLE)
    said = LastSaid()
    logger = logging.getLogger("apprise")
    logger.handlers, logger.propagate = [said], False
    logger.setLevel(logging.WARNING)
    asset = AppriseAsset(
        app_id="Yaguts",
        app_desc="Yaguts",
        async_mode=False,
        storage_mode=PersistentStoreMode.MEMORY,
    )
    make: Any = getattr(Apprise, "instantiate")  # noqa: B009  (its types are not known)
    service = make(request["url"], asset=asset)
    if service is None:
        return Failed(AlertFault.UNUSABLE)
    sent = service.notify(
        body=request["text"], title=request["title"], body_format=NotifyFormat.TEXT
    )
    if sent:
        return None
    if guard.refused:
        return Failed(AlertFault.PRIVATE)
    detail = without_secrets(" ".join(said.lines[-1:]), request["url"])
    unreachable = any(word in detail for word in _CONNECTING)
    return Failed(AlertFault.UNREACHABLE if unreachable else AlertFault.REFUSED, detail)


def without_secrets(text: str, url: str) -> str:
    """The text without the parts of an address, in one line."""
    parts = re.split(r"[:/@?&=,;]+", url.partition("://")[2])
    for part in sorted(filter(None, parts), key=len, reverse=True):
        if len(part) >= _LEAST_SECRET:
            text = text.replace(part, "…")
    return " ".join(text.split())


if __name__ == "__main__":
    main()
