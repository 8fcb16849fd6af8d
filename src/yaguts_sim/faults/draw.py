"""How often each kind of fault comes, and the draw of a history's faults.

All faults of a history are drawn before it starts, so that a history can be shrunk: leaving some
out leaves the others as they were.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from yaguts_sim.faults.kinds import Fault, FaultKind, ReplacementMode, RevocationMode, Torn, Trigger


@dataclass(frozen=True, slots=True)
class Spec:
    """How a kind of fault is drawn: about `rate` of them a history, at a point before `latest`."""

    trigger: Trigger
    rate: float
    latest: int
    span_ms: tuple[int, int] = (0, 0)
    modes: tuple[str, ...] = ("",)


_SHORT = (150, 8_000)
_JARS = ("1", "2", "3", "4")
_BYTES = ("0", "1", "40", "300", "500", "700", "990")  # thousandths of the message
_FAR = (86_400, 30 * 86_400, 730 * 86_400)  # a day, a month, two years: in seconds
_JUMPS = tuple(str(s) for s in (-20, 30, 400, -3600, *_FAR, *(-s for s in _FAR)))
_ANSWERS = ("portal", "redirect", "401", "429", "500", "empty", "list", "half", "alien")
_GARBAGE = (
    "no JSON", "not UTF-8", "zeros", "a list", "half", "deep", "no key", "broken names",
    "orders only", "negative", "too much", "other jar", "more jars", "counts", "texts",
)  # fmt: skip
_LATE_ANSWERS = tuple(f"{mode} after the server" for mode in ("portal", "401", "500", "empty"))
_REFUSALS = ("400", "403", "404", "409", "413", "422", "400 for good", "403 for good")

TIMES = ("late", "NTP blocked", "NTP wrong", "clock wrong", "dates early")
_PANEL = ("light", "button", "remembered", "remember")
_CALLS = ("up", "status", "network_time", "set_clock", "remember", "motor", "connect", "send")

SPECS: Mapping[FaultKind, Spec] = {
    FaultKind.POWER_CUT: Spec(Trigger.TIME, 0.35, 30_000, _SHORT),
    FaultKind.LONG_OUTAGE: Spec(Trigger.TIME, 0.03, 20_000, (600_000, 5_400_000)),
    FaultKind.CUT_IN_FLASH: Spec(Trigger.FLASH, 0.5, 70, _SHORT, tuple(Torn)),
    FaultKind.CUT_AT_EDGE: Spec(Trigger.EDGE, 0.25, 24, _SHORT),
    FaultKind.CUT_ON_LINE: Spec(Trigger.LINE, 0.2, 50, _SHORT),
    FaultKind.BROWNOUT: Spec(Trigger.TIME, 0.1, 25_000, (5, 900), ("2", "3", "5", "8")),
    FaultKind.WATCHDOG: Spec(Trigger.TIME, 0.12, 25_000, (20, 8_000)),
    FaultKind.SOFT_RESET: Spec(Trigger.TIME, 0.1, 25_000, (20, 500)),
    FaultKind.HANG: Spec(Trigger.TIME, 0.12, 25_000, (50, 6_000)),
    FaultKind.FLASH_FULL: Spec(Trigger.TIME, 0.05, 20_000, (100, 20_000)),
    FaultKind.BIT_FLIP: Spec(Trigger.TIME, 0.12, 25_000, modes=tuple(str(n) for n in range(40))),
    FaultKind.CELL_GONE: Spec(Trigger.TIME, 0.05, 25_000, modes=tuple(str(n) for n in range(40))),
    FaultKind.BOARD_CLOCK: Spec(Trigger.TIME, 0.06, 25_000, modes=("-86400", "-30", "40", "7200")),
    FaultKind.NO_FLOW: Spec(Trigger.TIME, 0.05, 25_000, modes=_JARS),
    FaultKind.STUCK: Spec(Trigger.TIME, 0.03, 25_000, modes=_JARS),
    FaultKind.NO_DRIVER: Spec(Trigger.TIME, 0.03, 25_000, modes=_JARS),
    FaultKind.FACTORY_RESET: Spec(Trigger.TIME, 0.02, 30_000),
    FaultKind.WIFI_DOWN: Spec(Trigger.TIME, 0.15, 25_000, (500, 240_000)),
    FaultKind.PORTAL: Spec(Trigger.TIME, 0.06, 25_000, (500, 60_000), _ANSWERS),
    FaultKind.NO_CONNECTION: Spec(
        Trigger.CONNECT, 0.15, 8, modes=("refused", "dns", "tls", "silent")
    ),
    FaultKind.BROKEN_REQUEST: Spec(Trigger.REQUEST, 0.2, 14, modes=_BYTES),
    FaultKind.LATE_REQUEST: Spec(Trigger.REQUEST, 0.15, 14, (200, 90_000)),
    FaultKind.DOUBLE_REQUEST: Spec(Trigger.REQUEST, 0.2, 14, (0, 30_000)),
    FaultKind.BROKEN_ANSWER: Spec(Trigger.REQUEST, 0.35, 14, (0, 1), modes=_BYTES),
    FaultKind.LATE_ANSWER: Spec(Trigger.REQUEST, 0.15, 14, (200, 60_000)),
    FaultKind.DOUBLE_ANSWER: Spec(Trigger.REQUEST, 0.1, 14),
    FaultKind.FOREIGN_ANSWER: Spec(Trigger.REQUEST, 0.35, 14, modes=_ANSWERS + _LATE_ANSWERS),
    FaultKind.SERVER_KILLED: Spec(Trigger.STATEMENT, 0.2, 140, (100, 20_000), ("before", "after")),
    FaultKind.SERVER_DOWN: Spec(Trigger.TIME, 0.08, 25_000, (100, 60_000)),
    FaultKind.SERVER_CLOCK: Spec(Trigger.TIME, 0.05, 25_000, (500, 7_200_000), _JUMPS),
    FaultKind.DISK_FULL: Spec(Trigger.STATEMENT, 0.06, 140, (1, 4_000)),
    FaultKind.LOCKED: Spec(Trigger.STATEMENT, 0.06, 140, (1, 4_000)),
    FaultKind.RESTORED: Spec(Trigger.TIME, 0.04, 30_000, (100, 5_000), ("0", "5", "15")),
    FaultKind.CANCEL: Spec(Trigger.TIME, 0.2, 20_000),
    FaultKind.ORDER: Spec(Trigger.TIME, 0.35, 25_000),
    FaultKind.REFILL: Spec(Trigger.TIME, 0.12, 25_000, modes=_JARS),
    FaultKind.RETRY: Spec(Trigger.TIME, 0.1, 25_000),
    FaultKind.NONSENSE: Spec(Trigger.TIME, 0.2, 25_000),
    FaultKind.SERVER_POWER: Spec(Trigger.TIME, 0.04, 25_000, (100, 60_000), ("1", "5", "30")),
    FaultKind.ASKS: Spec(Trigger.TIME, 0.12, 1_500, modes=("resume", "resume", "cancel", "")),
    FaultKind.FLASH_COPIED: Spec(Trigger.TIME, 0.04, 25_000, modes=("", "same name")),
    FaultKind.REPORTS_REFUSED: Spec(Trigger.TIME, 0.06, 25_000, (500, 300_000), _REFUSALS),
    FaultKind.GARBAGE: Spec(Trigger.REPORT, 0.15, 4, modes=_GARBAGE),
    FaultKind.RESTORED_BY_COMMAND: Spec(Trigger.TIME, 0.01, 30_000, (100, 5_000), ("0", "5", "15")),
    FaultKind.NO_TIME: Spec(Trigger.TIME, 0.06, 25_000, (5_000, 900_000), TIMES),
    FaultKind.BOARD_CALL: Spec(Trigger.TIME, 0.1, 25_000, (200, 120_000), _CALLS),
    FaultKind.ENDLESS_OFFERS: Spec(
        Trigger.TIME, 0.05, 25_000, (5_000, 300_000), ("old", "new", "both")
    ),
    FaultKind.PRESS: Spec(Trigger.TIME, 0.12, 25_000, (120, 1_500)),
    FaultKind.PANEL: Spec(Trigger.TIME, 0.05, 25_000, modes=_PANEL),
    # The last ones: what a seed draws before them stays as it was.
    FaultKind.BOARD_REPLACED: Spec(
        Trigger.TIME, 0.02, 25_000, (1_000, 20_000), tuple(ReplacementMode)
    ),
    FaultKind.TOKEN_REVOKED: Spec(
        Trigger.TIME, 0.03, 25_000, (5_000, 60_000), tuple(RevocationMode)
    ),
}


def draw(random: Random, boards: int, rates: Mapping[FaultKind, float]) -> tuple[Fault, ...]:
    """The faults of one history. `rates` replaces the usual rates of its kinds."""
    drawn: list[Fault] = []
    for kind, spec in SPECS.items():
        chance = rates.get(kind, spec.rate)
        while random.random() < chance:
            drawn.append(_one(random, len(drawn), kind, spec, boards))
            chance = min(chance / 2, 0.9)
    return tuple(drawn)


def _one(random: Random, number: int, kind: FaultKind, spec: Spec, boards: int) -> Fault:
    low, high = spec.span_ms
    span = round(low * (high / low) ** random.random()) if low else random.randint(low, high)
    return Fault(
        number,
        kind,
        spec.trigger,
        random.randrange(spec.latest),
        random.randrange(boards),
        span,
        random.choice(spec.modes),
    )
