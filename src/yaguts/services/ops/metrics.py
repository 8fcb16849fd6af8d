"""What the server counts of its work, for Prometheus.

With several server processes the counts lie in files that all of them read, so that whichever is
asked answers for all. `prometheus_client` chooses that when it is loaded, by a variable that
`yaguts serve` sets.
"""

import os
from contextlib import suppress
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from yaguts.domain.jobs.job import FINAL, Failure, Job, JobState
from yaguts.services.runtime.lived_through import Monotonic
from yaguts.services.runtime.observer import Observer, Outcome
from yaguts.storage.db.database import Way

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder of several processes' counts."""
MG_PER_G = 1000
_REQUEST_S = (0.005, 0.025, 0.1, 0.5, 2.5, 10.0, 30.0)
_TRANSACTION_S = (0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10.0)
_REPORTS: tuple[Outcome, ...] = ("in_time", "late", "repeated", "kept")
_ENDS = (
    *((outcome, "") for outcome in sorted(FINAL)),
    (JobState.FAILED, Failure.EXPIRED),
    (JobState.FAILED, Failure.UNCONFIRMED),
    (JobState.CANCELED, Failure.CANCELLED),
    (JobState.CANCELED, Failure.RESTORED),
)


class Metrics(Observer):
    """The counts of one process."""

    counts = True

    def __init__(self, monotonic: Monotonic) -> None:
        super().__init__(monotonic)
        registry = self.registry = CollectorRegistry()
        self._request_seconds = Histogram(
            "yaguts_request_seconds",
            "How long requests took, by the template of the path and the class of the status. A"
            " dispenser's call for a job is held for up to 25 s.",
            ("method", "route", "outcome"),
            buckets=_REQUEST_S,
            registry=registry,
        )
        self._database_seconds = Histogram(
            "yaguts_database_seconds",
            "How long transactions took, with the waiting for a connection.",
            ("way",),
            buckets=_TRANSACTION_S,
            registry=registry,
        )
        self._held_polls = Gauge(
            "yaguts_held_polls",
            "Calls of dispensers that wait for a job now.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._count_jobs(registry)
        # Looked up here, a series costs a call of a dispenser a quarter as much.
        self._requests = dict[tuple[str, str, str], Histogram]()
        self._ways: dict[Way, Histogram] = {
            way: self._database_seconds.labels(way) for way in ("read", "write")
        }

    def _count_jobs(self, registry: CollectorRegistry) -> None:
        """Each series begins with 0, so that the first failure of all is an increase."""
        self._jobs_ended = Counter(
            "yaguts_jobs_ended",
            "Jobs that ended, and why if the server gave them up. One that was given up and is"
            " reported afterwards counts twice.",
            ("outcome", "failure"),
            registry=registry,
        )
        for outcome, failure in _ENDS:
            self._jobs_ended.labels(outcome, failure)
        self._grams = Counter(
            "yaguts_dispensed_grams",
            "What fell at most of all jobs that were reported.",
            registry=registry,
        )
        self._reports = Counter(
            "yaguts_reports",
            "Reports of dispensers: in time, late, repeated, or kept for a person. A report that"
            " is booked and kept counts as both.",
            ("outcome",),
            registry=registry,
        )
        for outcome in _REPORTS:
            self._reports.labels(outcome)

    def request(self, method: str, route: str, outcome: str, seconds: float) -> None:
        """Count a request."""
        labels = method, route, outcome
        seen = self._requests.get(labels)
        if seen is None:
            seen = self._requests[labels] = self._request_seconds.labels(*labels)
        seen.observe(seconds)

    def transaction(self, way: Way, seconds: float) -> None:
        """Count a transaction."""
        self._ways[way].observe(seconds)

    def polls_held(self, more: int) -> None:
        """Count held polls."""
        self._held_polls.inc(more)

    def job_ended(self, job: Job) -> None:
        """Count a job and what fell."""
        self._jobs_ended.labels(job.state, job.failure or "").inc()
        if job.reported:
            fell = sum(dose.fell_at_most_mg or 0 for dose in job.doses)
            self._grams.inc(fell / MG_PER_G)

    def report(self, outcome: Outcome) -> None:
        """Count a report."""
        self._reports.labels(outcome).inc()


def exposition(metrics: Metrics, *others: Collector) -> bytes:
    """Everything that is counted, in Prometheus's text format, and what the others give."""
    registry, folder = CollectorRegistry(), os.environ.get(FOLDER)
    if folder is None:
        registry.register(metrics.registry)
    else:
        _forget_the_dead(Path(folder))
        MultiProcessCollector(registry, folder)
    for other in others:
        registry.register(other)
    return generate_latest(registry)


def _forget_the_dead(folder: Path) -> None:
    """What a process that ended counts stays; what it held at that moment does not."""
    for file in folder.glob("gauge_live*.db"):
        if not _lives(int(file.stem.rpartition("_")[2])):
            file.unlink(missing_ok=True)


def _lives(pid: int) -> bool:
    with suppress(PermissionError):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
    return True
