"""What many histories add up to."""

from collections import Counter
from dataclasses import dataclass, field

from yaguts_sim.faults.kinds import Kind
from yaguts_sim.runner.history import Outcome


@dataclass
class Tally:
    """The sum over the seeds played so far."""

    seeds: int = 0
    jobs: int = 0
    violations: int = 0
    virtual_s: float = 0.0
    shortfall_slices: float = 0.0
    faults: Counter[Kind] = field(default_factory=Counter[Kind])
    broken: list[int] = field(default_factory=list[int])

    def add(self, outcome: Outcome) -> None:
        """One more history."""
        self.seeds += 1
        self.jobs += outcome.jobs
        self.violations += len(outcome.violations)
        self.virtual_s += outcome.virtual_s
        self.shortfall_slices = max(self.shortfall_slices, outcome.shortfall_slices)
        self.faults.update(outcome.injected)
        if outcome.violations:
            self.broken.append(outcome.script.seed)

    def merge(self, other: "Tally") -> None:
        """Everything that another process has counted."""
        self.seeds += other.seeds
        self.jobs += other.jobs
        self.violations += other.violations
        self.virtual_s += other.virtual_s
        self.shortfall_slices = max(self.shortfall_slices, other.shortfall_slices)
        self.faults.update(other.faults)
        self.broken += other.broken

    def as_json(self, seconds: float) -> dict[str, object]:
        """The line that `--json` ends in."""
        return {
            "seeds": self.seeds,
            "histories_per_second": round(self.seeds / seconds, 1),
            "virtual_hours": round(self.virtual_s / 3600, 1),
            "faults": {str(kind): self.faults[kind] for kind in Kind if self.faults[kind]},
            "jobs_finished": self.jobs,
            "violations": self.violations,
            "largest_shortfall_slices": round(self.shortfall_slices, 3),
            "broken_seeds": sorted(self.broken)[:20],
        }
