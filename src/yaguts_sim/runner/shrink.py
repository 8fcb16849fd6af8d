"""Shrink a history: find few faults that still break the same promise."""

from shlex import join

from yaguts_sim.runner.history import HistoryResult, play
from yaguts_sim.setup.script import Script
from yaguts_sim.setup.shared import SharedSetup

MOST_TRIES = 300


def shrunk(setup: SharedSetup, broken: HistoryResult) -> HistoryResult:
    """The same seed with few faults that still break the first broken promise.

    Leaves out halves first, then one fault at a time, until none can be left out.
    """
    promise = broken.violations[0].promise
    best, tries = broken, 0
    size = max(1, len(best.script.faults) // 2)
    while tries < MOST_TRIES:
        smaller = None
        for script in _without(best.script, size):
            tries += 1
            result = play(setup, script)
            if any(violation.promise == promise for violation in result.violations):
                smaller = result
                break
        if smaller is not None:
            best = smaller
        elif size == 1:
            break
        size = max(1, min(size // 2 if smaller is None else size, len(best.script.faults) // 2))
    return best


def _without(script: Script, size: int) -> list[Script]:
    numbers = [fault.number for fault in script.faults]
    groups = [numbers[start : start + size] for start in range(0, len(numbers), size)]
    return [script.keeping(set(numbers) - set(group)) for group in groups]


def replay_line(result: HistoryResult) -> str:
    """The command that plays this history again."""
    script = result.script
    faults = ",".join(str(fault.number) for fault in script.faults) or "none"
    words = ["yaguts", "simulate", "--seeds", "1", "--start", str(script.seed), "--faults", faults]
    for kind, rate in script.rates.items():
        words += ["--rate", f"{kind}={rate:g}"]
    return join(words)
