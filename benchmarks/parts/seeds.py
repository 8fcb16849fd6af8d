"""How many histories the simulator plays on one core."""

from benchmarks.harness.figures import Figure
from benchmarks.seeds import played

WANTED = 40.0


def measure(*, small: bool = False) -> list[Figure]:
    """Histories a second of processor time, which other work changes less than the clock's."""
    rate = played(40 if small else 500)
    how = f"{rate.seeds} seeds, {rate.jobs} jobs, {rate.violations} violations"
    return [
        Figure("seeds a second", rate.a_second, "", how, WANTED, at_most=False, steady=True),
        Figure("violated promises in them", rate.violations, "", "see reliability.md", 0.0),
    ]
