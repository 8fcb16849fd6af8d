"""The one state of a dispenser, as every page says it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from yaguts.domain.dispenser import Dispenser
from yaguts.domain.jobs.job import Job
from yaguts.services.dispensers import dispensers
from yaguts.web.views.watching.job_words import SILENT, state_of
from yaguts.web.visit import Visit


@dataclass(frozen=True, slots=True)
class DispenserState:
    """The key of its text, and which dot stands before it: `on`, `off` or `none`."""

    text: str
    dot: str


def dispenser_state(one: Dispenser, pouring: Job | None, now: datetime) -> DispenserState:
    """The state of a dispenser. `pouring`: the job that it has begun, if there is one."""
    if not one.paired:
        return DispenserState("dispenser.unpaired", "none")
    dot = "on" if one.online(now) else "off"
    if pouring is not None:
        text = state_of(pouring, one, now)
        return DispenserState(text, "off" if text == SILENT else dot)
    return DispenserState("kitchen.online" if dot == "on" else "kitchen.offline", dot)


def states_of(visit: Visit, mine: Iterable[Dispenser]) -> dict[int, DispenserState]:
    """The state of each dispenser now, by its number."""
    mine = tuple(mine)
    pouring = dispensers.pouring_on(visit.site, mine)
    return {one.id: dispenser_state(one, pouring.get(one.id), visit.now) for one in mine}
