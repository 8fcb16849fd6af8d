"""What a dispenser does without a recipe: a dose, a purge, a cleaning programme, a calibration run.

A run by time of a jar whose rate nobody knows has the quantity 0: so many seconds, grams unknown.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from yaguts.domain.errors import UnknownJar
from yaguts.domain.jobs.planning import Need, NotEmpty, Plan, Planned, PlannedDose, plan_needs
from yaguts.domain.recipe import Jar
from yaguts.domain.units import NOTHING, MicrogramsPerSecond, Milligrams, Milliseconds, nearest

PULSE = Milliseconds(1_000)
ROUNDS = 3
"""So often each jar of a cleaning programme is pulsed, with the others' pulses in between."""
MOST_PULSES = 16
"""A dispenser's journal has room for so many doses: with more jars there are fewer rounds."""


def jar_numbered(jars: Iterable[Jar], number: int) -> Jar:
    """The jar with this number, or `UnknownJar`."""
    for jar in jars:
        if jar.number == number:
            return jar
    raise UnknownJar(jar=number)


def dose(jar: Jar, quantity: Milligrams) -> Planned:
    """So much out of one jar."""
    return plan_needs([Need(_spice(jar), quantity, jar)])


def purge(jar: Jar, duration: Milliseconds) -> Plan:
    """One jar, for so long. It may run empty on the way."""
    quantity = NOTHING if jar.rate is None else poured_in(duration, jar.rate)
    return Plan((PlannedDose(1, jar.number, _spice(jar), quantity, duration),))


def calibration_run(jar: Jar, duration: Milliseconds) -> Plan:
    """One jar, for so long. How much falls is what the scale is to say, not a rate in doubt."""
    return Plan((PlannedDose(1, jar.number, _spice(jar), NOTHING, duration),))


def cleaning(jars: Sequence[Jar]) -> Planned:
    """Pulses of each jar in turn, or those jars which, as far as is known, are not empty."""
    full = tuple(NotEmpty(jar.number, jar.stock) for jar in jars if jar.stock and jar.stock > 0)
    if full:
        return full
    rounds = max(1, min(ROUNDS, MOST_PULSES // len(jars)))
    pulses = enumerate(list(jars) * rounds, start=1)
    return Plan(tuple(PlannedDose(n, jar.number, _spice(jar), NOTHING, PULSE) for n, jar in pulses))


def poured_in(duration: Milliseconds, rate: MicrogramsPerSecond) -> Milligrams:
    """How much falls in so long from a jar with this rate."""
    return Milligrams(nearest(Fraction(duration * rate, 1_000_000)))


def _spice(jar: Jar) -> str:
    return jar.label or ""
