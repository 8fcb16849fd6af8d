"""The events of a history in order. They become text only when somebody reads them."""

from dataclasses import dataclass, field

from yaguts_sim.engine.clock import US_PER_MS, World


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One event. `who`: a dispenser, the server, a person, the bowl, or a fault."""

    at_us: int
    who: str
    what: str
    facts: tuple[object, ...]

    def __str__(self) -> str:
        minutes, ms = divmod(self.at_us // US_PER_MS, 60_000)
        told = " ".join(_readable(fact) for fact in self.facts)
        return f"{minutes:>4}:{ms / 1000:06.3f}  {self.who:<10} {self.what} {told}".rstrip()


@dataclass
class Timeline:
    """The events of one history."""

    world: World
    lines: list[TimelineEvent] = field(default_factory=list[TimelineEvent])

    def note(self, who: str, what: str, *facts: object) -> None:
        """Add an event that happens now."""
        self.lines.append(TimelineEvent(self.world.now, who, what, facts))

    def __str__(self) -> str:
        return "\n".join(str(line) for line in self.lines)


def _readable(fact: object) -> str:
    if isinstance(fact, bytes):
        return fact[:160].decode("utf-8", "backslashreplace")
    return str(fact)
