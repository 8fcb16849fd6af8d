"""Scales under the jars: what really fell. They hear of nothing but relay edges.

Amounts are exact: a valve is open for whole microseconds, and a dose's `duration_ms` and
`quantity_mg` convert them to milligrams.
"""

from dataclasses import dataclass, field, replace
from fractions import Fraction

from yaguts_sim.engine.clock import US_PER_MS, Microseconds


@dataclass(frozen=True, slots=True)
class ValveOpening:
    """One stretch of open valve. `job` is the key of the job that was allowed to start."""

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
        """Note that the relay of a jar goes on."""
        self._open.setdefault(jar, (now, job))

    def close(self, jar: int, now: Microseconds) -> None:
        """Note that the relay of a jar goes off. Does nothing when it is off."""
        if jar not in self._open:
            return
        start, job = self._open.pop(jar)
        if now > start:
            self.openings.append(
                ValveOpening(jar, job, start, now, flowing=jar not in self.blocked)
            )

    def block(self, jar: int, now: Microseconds) -> None:
        """Let nothing fall from the jar any more, whatever its relay does."""
        if jar in self._open:
            start, job = self._open[jar]
            self.openings.append(ValveOpening(jar, job, start, now, flowing=True))
            self._open[jar] = (now, job)
        self.blocked.add(jar)

    def relabel(self, job: str, label: str) -> None:
        """Give the openings for a job another label."""
        self.openings = [replace(p, job=label) if p.job == job else p for p in self.openings]

    @property
    def open_jars(self) -> tuple[int, ...]:
        """The jars whose relay is on."""
        return tuple(self._open)

    def open_us(
        self, job: str | None, jar: int, *, flowing: bool = False, now: Microseconds = 0
    ) -> Microseconds:
        """How long the relay of a jar was on for a job. `flowing`: only while something fell.

        With `now`, an opening that has not ended counts too.
        """
        total = sum(
            opening.end - opening.start
            for opening in self.openings
            if opening.job == job and opening.jar == jar and (opening.flowing or not flowing)
        )
        start, of = self._open.get(jar, (now, None))
        return total + max(0, now - start) if of == job else total


def fallen_mg(open_us: Microseconds, quantity_mg: int, duration_ms: int) -> Fraction:
    """What falls while the valve is open, if `quantity_mg` fall in `duration_ms`."""
    return Fraction(open_us * quantity_mg, duration_ms * US_PER_MS)
