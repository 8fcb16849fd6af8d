"""What so many kitchens would take, computed from the figures that were measured."""

from collections.abc import Mapping
from pathlib import Path

from yaguts_wire.limits import HEARTBEAT_S, MAX_POLL_S

PAGE = Path(__file__).parents[2] / "docs/scale.md"
KITCHENS = tuple(10**power for power in range(7))
JOBS_A_DAY = 3
IN_THE_HOUR = 1 / 4
"""The part of a day's jobs that is ordered in the hour before dinner."""
HEAD = (
    "kitchens",
    "connections",
    "their memory",
    "calls a second while idle",
    "cores for them",
    "jobs a second before dinner",
    "cores for them",
    "commits a second",
    "rows a year",
    "PostgreSQL a year",
)
_DAY_S, _YEAR_D = 86_400, 365
BEAT_S = -(-HEARTBEAT_S // MAX_POLL_S) * MAX_POLL_S
"""How often an idle board sends a heartbeat: between two polls, as soon as it is due."""


def needed(measured: Mapping[str, float]) -> str:
    """A table of Markdown, a row a power of ten. `KeyError` when a figure was not measured."""
    lines = [f"| {' | '.join(HEAD)} |", "|---" * len(HEAD) + "|"]
    lines += [f"| {' | '.join(_row(kitchens, measured))} |" for kitchens in KITCHENS]
    return "\n".join(lines)


def _row(kitchens: int, measured: Mapping[str, float]) -> tuple[str, ...]:
    memory_b = kitchens * measured["memory of a held poll"] * 1024
    calls = kitchens * (1 / MAX_POLL_S + 1 / BEAT_S)
    idle_cores = kitchens / 10_000 * measured["10,000 held polls while idle"] / 100
    jobs = kitchens * JOBS_A_DAY * IN_THE_HOUR / 3_600
    job_cores = jobs * measured["processor time of a lifecycle"] / 1_000
    commits = jobs * measured["commits of a job, PostgreSQL"]
    yearly = kitchens * JOBS_A_DAY * _YEAR_D
    rows = yearly * measured["rows of a job, PostgreSQL"]
    grown_b = yearly * measured["bytes of a job, PostgreSQL"]
    numbers = (calls, idle_cores, jobs, job_cores, commits, rows)
    return (
        f"{kitchens:,}",
        f"{kitchens:,}",
        _bytes(memory_b),
        *map(_two, numbers),
        _bytes(grown_b),
    )


def _two(value: float) -> str:
    """Two digits that count."""
    for size, name in ((1e9, " billion"), (1e6, " million")):
        if value >= size:
            return f"{float(f'{value / size:.2g}'):,g}{name}"
    return f"{float(f'{value:.2g}'):,g}"


def _bytes(value: float) -> str:
    for size, name in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB")):
        if value >= size:
            return f"{float(f'{value / size:.2g}'):,g} {name}"
    return f"{float(f'{value / 1e3:.2g}'):,g} KB"
