"""The process bridge: what happens in one server process wakes subscribers in the others.

It uses PostgreSQL. A changed job is only a wake-up, because the database has it. The progress of a
dose is sent whole, because it is only in memory.
"""

import json
from contextlib import suppress
from dataclasses import asdict
from threading import Event
from typing import Any

from yaguts.domain.errors import Unavailable
from yaguts.domain.jobs.job import FINAL, DoseStatus, Job
from yaguts.domain.units import Milligrams
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.hub import is_about_job, job_of
from yaguts.services.runtime.progress import DoseProgress
from yaguts.storage.db import notify

_NAME_BYTES = 8


class ProcessBridge:
    """Sends and receives for one process."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._name = site.randomness(_NAME_BYTES).hex()

    def tell(self, topic: str, event: object) -> None:
        """Send an event to the other processes. A lost one only delays them."""
        message: dict[str, object] = {"from": self._name, "topic": topic}
        if isinstance(event, DoseProgress):
            message["step"] = asdict(event)
        if is_about_job(event):
            message["job"] = event
        if isinstance(event, Job) and event.state in FINAL:
            message["ended"] = event.id
        with suppress(Unavailable):  # The failure is in the log.
            notify.send(self._site.database, json.dumps(message))

    def listen(self, stop: Event) -> None:
        """Receive until `stop` is set. For a thread of its own."""
        notify.listen(self._site.database, self._hear, stop)

    def _hear(self, text: str | None) -> None:
        if text is None:
            self._site.hub.wake_all()
            return
        message = json.loads(text)
        if message["from"] == self._name:
            return
        if "ended" in message:
            self._site.progress.forget(message["ended"])
        step = _step(message["step"]) if "step" in message else None
        if step is not None:
            self._site.progress.note(job_of(message["topic"]), step)
        self._site.hub.deliver(message["topic"], message.get("job", step))


def _step(told: dict[str, Any]) -> DoseProgress:
    fell_at_least_mg, status = Milligrams(told["fell_at_least_mg"]), DoseStatus(told["status"])
    return DoseProgress(told["order"], told["jar"], fell_at_least_mg, status)
