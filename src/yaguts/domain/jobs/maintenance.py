"""What a dispenser does without a recipe: a dose, a purge, a cleaning, a calibration run.

A dose that runs by time, from a jar without a rate, has the quantity 0.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from yaguts.domain.errors import UnknownJar
from yaguts.domain.jobs.planning import (
    Need,
    NotEmpty,
    OutOfReach,
    Plan,
    Planned,
    PlannedDose,
    plan_needs,
)
from yaguts.domain.recipe import Jar
from yaguts.domain.units import NOTHING, MicrogramsPerSecond, Milligrams, Milliseconds, nearest

PULSE = Milliseconds(1_000)
ROUNDS = 3
"""A cleaning pulses each jar this often, with the other jars' pulses in between."""
MOST_PULSES = 16
"""A journal holds at most this many doses. A cleaning of more jars has fewer rounds."""


def jar_numbered(jars: Iterable[Jar], number: int) -> Jar:
    """The jar with this number. Raises `UnknownJar`."""
    for jar in jars:
        if jar.number == number:
            return jar
    raise UnknownJar(jar=number)


def dose(jar: Jar, quantity: Milligrams) -> Planned:
    """A weight out of one jar."""
    return plan_needs([Need(_spice(jar), quantity, jar)])


def purge(jar: Jar, duration: Milliseconds) -> Planned:
    """One jar for a time. The jar may run empty."""
    quantity = NOTHING if jar.rate is None else poured_in(duration, jar.rate)
    return _in_reach([jar], Plan((PlannedDose(1, jar.number, _spice(jar), quantity, duration),)))


def calibration_run(jar: Jar, duration: Milliseconds) -> Planned:
    """One jar for a time. The scale says how much falls, because the rate is in doubt."""
    return _in_reach([jar], Plan((PlannedDose(1, jar.number, _spice(jar), NOTHING, duration),)))


def cleaning(jars: Sequence[Jar]) -> Planned:
    """Pulses of each jar in turn, or an obstacle for each jar that is not known to be empty."""
    full = tuple(NotEmpty(jar.number, jar.stock) for jar in jars if jar.stock and jar.stock > 0)
    if full:
        return full
    rounds = max(1, min(ROUNDS, MOST_PULSES // len(jars)))
    pulses = enumerate(list(jars) * rounds, start=1)
    doses = tuple(PlannedDose(n, jar.number, _spice(jar), NOTHING, PULSE) for n, jar in pulses)
    return _in_reach(jars, Plan(doses))


def poured_in(duration: Milliseconds, rate: MicrogramsPerSecond) -> Milligrams:
    """How much falls from a jar with this rate in this time."""
    return Milligrams(nearest(Fraction(duration * rate, 1_000_000)))


def _in_reach(jars: Iterable[Jar], planned: Plan) -> Planned:
    """The plan, or an obstacle for each jar that the board does not have."""
    out = tuple(OutOfReach(jar.number, _spice(jar)) for jar in jars if not jar.in_reach)
    return out or planned


def _spice(jar: Jar) -> str:
    return jar.label or ""
