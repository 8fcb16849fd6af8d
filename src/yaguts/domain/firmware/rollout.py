"""A rollout: a release goes to a few boards first, and to more of them a day later.

Each stage names a percentage of the boards that could take the release. Those of a stage are chosen
by a hash, so that nobody is always the first.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from yaguts.domain.clock import age
from yaguts.domain.firmware.release import LEFT_IT, STARTED_IT, Update, UpdateState

STAGES = (1, 10, 50, 100)
"""The usual percentages."""
STAGE_LASTS = timedelta(hours=24)
"""A stage lasts at least so long."""
WORKS_AFTER = timedelta(hours=2)
"""A release has worked on a board that was heard with it for so long. The board itself confirms it
later, for that takes a job.
"""


class HaltReason(StrEnum):
    """Why a rollout was halted."""

    WORD = "word"
    """Somebody said so."""
    LEFT = "left"
    """Boards went back to the release before."""
    REFUSED = "refused"
    """Boards refused bytes that are not what was published."""
    SILENT = "silent"
    JOBS = "jobs"
    """Boards with it fail more jobs than the others."""


@dataclass(frozen=True, slots=True)
class Rollout:
    """How far a release is. `stage` counts from 0.

    `stage_since` is by the lived-through time, which no wrong clock moves. What happened before
    `counts_since` halts nothing any more: somebody has seen it and said to go on.
    """

    stages: tuple[int, ...]
    stage: int
    stage_since: datetime
    counts_since: datetime
    halted: HaltReason | None = None
    halted_at: datetime | None = None

    @property
    def percent(self) -> int:
        """The share of the boards that may have it now."""
        return self.stages[self.stage]

    @property
    def at_the_end(self) -> bool:
        """Whether no stage follows."""
        return self.stage == len(self.stages) - 1

    def lasted(self, lived: datetime) -> bool:
        """Whether the stage has lasted long enough, by the lived-through time."""
        so_far = age(self.stage_since, lived)
        return so_far is not None and so_far >= STAGE_LASTS


def share(percent: int, boards: int) -> int:
    """How many boards a stage has: at least one, and never more than there are."""
    return min(boards, max(1, boards * percent // 100))


def next_boards(
    release: int, percent: int, updates: Iterable[Update], free: Collection[int]
) -> list[int]:
    """The dispensers to be chosen now. `free`: those that could take the release and have not been
    chosen. A board that refused it leaves its place to another one.
    """
    taken = sum(update.state != UpdateState.REFUSED for update in updates)
    wanted = share(percent, taken + len(free)) - taken
    return sorted(free, key=lambda dispenser: _place(release, dispenser))[: max(0, wanted)]


def shown(updates: Iterable[Update], seen_at: Mapping[int, datetime | None]) -> bool:
    """Whether the release has worked anywhere: without that no stage follows.

    `seen_at`: when each dispenser was last heard of.
    """
    return any(_works(update, seen_at.get(update.dispenser_id)) for update in updates)


def tried(updates: Iterable[Update]) -> int:
    """How many boards have started the release."""
    return sum(update.state in LEFT_IT | STARTED_IT for update in updates)


def _works(update: Update, seen_at: datetime | None) -> bool:
    if update.state == UpdateState.CONFIRMED:
        return True
    if update.state != UpdateState.UNTRIED or update.runs_since is None or seen_at is None:
        return False
    ran = age(update.runs_since, seen_at)
    return ran is not None and ran >= WORKS_AFTER


def _place(release: int, dispenser_id: int) -> bytes:
    return sha256(f"{release}:{dispenser_id}".encode()).digest()
