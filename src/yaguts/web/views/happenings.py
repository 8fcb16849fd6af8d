"""What happened to a dispenser lately, as its page says it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from yaguts.domain.dispenser import Dispenser
from yaguts.domain.happenings import Happening, newest_first
from yaguts_wire import happenings as h

MOST_SHOWN = 12
_TEXTS = {
    h.RESTARTED: "happening.restarted",
    h.HEARD: "happening.heard",
    h.STOPPED: "happening.stopped",
    h.REPORT_REFUSED: "happening.report_refused",
    h.CODE_REFUSED: "happening.code_refused",
    h.HELD: "happening.held",
}
_STARTED = {
    h.POWER_ON: "happening.power_on",
    h.HARD: "happening.hard_reset",
    h.WATCHDOG: "happening.watchdog",
    h.DEEP_SLEEP: "happening.started",
    h.SOFT: "happening.soft_reset",
}
_LOST = {
    h.NO_ANSWER: "happening.no_answer",
    h.TOKEN_REFUSED: "happening.token_refused",
    h.WRONG_DATES: "happening.wrong_dates",
}


@dataclass(frozen=True, slots=True)
class HappeningView:
    """One of them: the key of its text, its two numbers, and when it was."""

    text: str
    first: int
    second: int
    at: datetime


def happenings_of(dispenser: Dispenser) -> list[HappeningView]:
    """The newest first."""
    return [
        HappeningView(_text(one), one.first, one.second, datetime.fromtimestamp(one.at_s, UTC))
        for one in newest_first(dispenser.happenings)[:MOST_SHOWN]
    ]


def _text(one: Happening) -> str:
    """Newer firmware may tell of what this server does not know."""
    if one.code == h.STARTED:
        return _STARTED.get(one.first, "happening.started")
    if one.code == h.LOST:
        return _LOST.get(one.first, "happening.no_answer")
    if one.code == h.HEARD and one.second:
        return "happening.heard_signal"
    if one.code == h.FINISHED:
        return "happening.finished_partly" if one.second else "happening.finished"
    return _TEXTS.get(one.code, "happening.unknown")
