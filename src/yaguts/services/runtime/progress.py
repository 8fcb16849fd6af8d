"""Progress: how far each dose of a running job is. In memory and for display only."""

from dataclasses import dataclass
from threading import Lock

from yaguts.domain.jobs.job import DoseStatus
from yaguts.domain.units import Milligrams


@dataclass(frozen=True, slots=True)
class DoseProgress:
    """The latest progress of one dose."""

    order: int
    jar: int
    fell_at_least_mg: Milligrams
    status: DoseStatus


class ProgressBoard:
    """The progress of every dose of every running job, as far as this process heard of it."""

    def __init__(self) -> None:
        self._steps: dict[int, dict[int, DoseProgress]] = {}
        self._lock = Lock()

    def note(self, job_id: int, step: DoseProgress) -> None:
        """Store the progress of a dose."""
        with self._lock:
            self._steps.setdefault(job_id, {})[step.order] = step

    def of(self, job_id: int) -> dict[int, DoseProgress]:
        """The progress of a job's doses, by their order."""
        with self._lock:
            return dict(self._steps.get(job_id, ()))

    def forget(self, job_id: int) -> None:
        """Forget an ended job: its doses say what fell."""
        with self._lock:
            self._steps.pop(job_id, None)
