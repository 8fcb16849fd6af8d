"""What a server tells of its work. The composition root chooses who counts it."""

from collections.abc import Callable
from threading import Lock
from typing import Generic, Literal, TypeVar

from yaguts.domain.jobs.job import Job
from yaguts.services.runtime.lived_through import Monotonic, standing_still
from yaguts.storage.db.database import Way
from yaguts.storage.figures import Figures

KEPT_S = 10
"""An answer that costs the database something is asked for this often at most."""

Outcome = Literal["in_time", "late", "repeated", "kept"]
T = TypeVar("T")


class KeptAnswer(Generic[T]):
    """An answer that is kept for `KEPT_S`, whoever asks meanwhile and however often."""

    def __init__(self, monotonic: Monotonic) -> None:
        self._monotonic = monotonic
        self._kept: tuple[T, float] | None = None
        self._asking = Lock()

    def get(self, ask: Callable[[], T]) -> T:
        """The kept answer, or that of `ask`. While one thread asks, the others get the former one,
        so that strangers cannot fill the threads when the database is slow to answer.
        """
        if not self._asking.acquire(blocking=self._kept is None):
            assert self._kept is not None
            return self._kept[0]
        try:
            if self._kept is None or self._monotonic() - self._kept[1] >= KEPT_S:
                self._kept = ask(), self._monotonic()
            return self._kept[0]
        finally:
            self._asking.release()


class Observer:
    """Nobody counts. `services.ops.metrics` has the one that does."""

    counts = False

    def __init__(self, monotonic: Monotonic = standing_still) -> None:
        self.monotonic = monotonic
        self.can_write = KeptAnswer[bool](monotonic)
        self.figures = KeptAnswer[Figures | None](monotonic)

    def request(self, method: str, route: str, outcome: str, seconds: float) -> None:
        """A request was answered. `route` is the template of its path, `outcome` such as "2xx"."""

    def transaction(self, way: Way, seconds: float) -> None:
        """A transaction ended, well or not, after so long."""

    def polls_held(self, more: int) -> None:
        """So many more long polls wait for a job now, or less."""

    def job_ended(self, job: Job) -> None:
        """A job has ended."""

    def report(self, outcome: Outcome) -> None:
        """A dispenser's report was answered."""
