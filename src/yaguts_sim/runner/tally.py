"""The sums over many histories."""

from collections import Counter
from dataclasses import dataclass, field

from yaguts_sim.faults.kinds import FaultKind
from yaguts_sim.runner.history import HistoryResult


@dataclass
class Tally:
    """The sum over the seeds played so far."""

    seeds: int = 0
    jobs: int = 0
    violations: int = 0
    virtual_s: float = 0.0
    shortfall_slices: float = 0.0
    faults: Counter[FaultKind] = field(default_factory=Counter[FaultKind])
    broken: list[int] = field(default_factory=list[int])

    def add(self, result: HistoryResult) -> None:
        """Count one more history."""
        self.seeds += 1
        self.jobs += result.jobs
        self.violations += len(result.violations)
        self.virtual_s += result.virtual_s
        self.shortfall_slices = max(self.shortfall_slices, result.shortfall_slices)
        self.faults.update(result.injected)
        if result.violations:
            self.broken.append(result.script.seed)

    def merge(self, other: "Tally") -> None:
        """Add what another process has counted."""
        self.seeds += other.seeds
        self.jobs += other.jobs
        self.violations += other.violations
        self.virtual_s += other.virtual_s
        self.shortfall_slices = max(self.shortfall_slices, other.shortfall_slices)
        self.faults.update(other.faults)
        self.broken += other.broken

    def as_json(self, seconds: float) -> dict[str, object]:
        """The result that `--json` prints."""
        return {
            "seeds": self.seeds,
            "histories_per_second": round(self.seeds / seconds, 1),
            "virtual_hours": round(self.virtual_s / 3600, 1),
            "faults": {str(kind): self.faults[kind] for kind in FaultKind if self.faults[kind]},
            "jobs_finished": self.jobs,
            "violations": self.violations,
            "largest_shortfall_slices": round(self.shortfall_slices, 3),
            "broken_seeds": sorted(self.broken)[:20],
        }
