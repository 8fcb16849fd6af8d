"""How far each dose of a running job is. For the eye only: kept in memory, and nothing needs it."""

from dataclasses import dataclass
from threading import Lock

from yaguts.domain.jobs.job import DoseStatus
from yaguts.domain.units import Milligrams


@dataclass(frozen=True, slots=True)
class DoseProgress:
    """What a dispenser last said of one dose."""

    order: int
    jar: int
    fell_at_least_mg: Milligrams
    status: DoseStatus


class ProgressBoard:
    """The last step of every dose of every running job, as far as this process heard of it."""

    def __init__(self) -> None:
        self._steps: dict[int, dict[int, DoseProgress]] = {}
        self._lock = Lock()

    def note(self, job_id: int, step: DoseProgress) -> None:
        """A dispenser says how far a dose is."""
        with self._lock:
            self._steps.setdefault(job_id, {})[step.order] = step

    def of(self, job_id: int) -> dict[int, DoseProgress]:
        """The steps of a job, by the order of its items."""
        with self._lock:
            return dict(self._steps.get(job_id, ()))

    def forget(self, job_id: int) -> None:
        """The job has ended: its items say what fell."""
        with self._lock:
            self._steps.pop(job_id, None)
