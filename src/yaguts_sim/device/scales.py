"""Scales under the jars: what fell, whoever says what. Only relay edges reach them.

Amounts are exact: a jar's valve is open for whole microseconds, and what a dose of `duration_ms`
and `quantity_mg` should be makes grams of them.
"""

from dataclasses import dataclass, field, replace
from fractions import Fraction

from yaguts_sim.engine.clock import US_PER_MS, Microseconds


@dataclass(frozen=True, slots=True)
class ValveOpening:
    """One stretch of open valve. `job` is the job the dispenser had been allowed to start."""

    jar: int
    job: str | None
    start: Microseconds
    end: Microseconds
    flowing: bool


@dataclass
class Scales:
    """The jars of one dispenser."""

    openings: list[ValveOpening] = field(default_factory=list[ValveOpening])
    blocked: set[int] = field(default_factory=set[int])
    _open: dict[int, tuple[Microseconds, str | None]] = field(
        default_factory=dict[int, tuple[Microseconds, str | None]]
    )

    def open(self, jar: int, now: Microseconds, job: str | None) -> None:
        """The relay of a jar goes on."""
        self._open.setdefault(jar, (now, job))

    def close(self, jar: int, now: Microseconds) -> None:
        """The relay of a jar goes off; nothing happens when it is off."""
        if jar not in self._open:
            return
        start, job = self._open.pop(jar)
        if now > start:
            self.openings.append(
                ValveOpening(jar, job, start, now, flowing=jar not in self.blocked)
            )

    def block(self, jar: int, now: Microseconds) -> None:
        """From now on nothing falls from the jar, whatever its relay does."""
        if jar in self._open:
            start, job = self._open[jar]
            self.openings.append(ValveOpening(jar, job, start, now, flowing=True))
            self._open[jar] = (now, job)
        self.blocked.add(jar)

    def relabel(self, job: str, label: str) -> None:
        """Book what was poured for a job under another name."""
        self.openings = [replace(p, job=label) if p.job == job else p for p in self.openings]

    @property
    def open_jars(self) -> tuple[int, ...]:
        """The jars whose relay is on."""
        return tuple(self._open)

    def open_us(
        self, job: str | None, jar: int, *, flowing: bool = False, now: Microseconds = 0
    ) -> Microseconds:
        """How long the relay of a jar was on for a job; `flowing`: and something fell.

        With `now`, the stretch that is still open counts too.
        """
        total = sum(
            pour.end - pour.start
            for pour in self.openings
            if pour.job == job and pour.jar == jar and (pour.flowing or not flowing)
        )
        start, of = self._open.get(jar, (now, None))
        return total + max(0, now - start) if of == job else total


def fallen_mg(open_us: Microseconds, quantity_mg: int, duration_ms: int) -> Fraction:
    """What falls in so long from a jar that gives `quantity_mg` in `duration_ms`."""
    return Fraction(open_us * quantity_mg, duration_ms * US_PER_MS)
