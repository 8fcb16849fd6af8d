"""When dispensers were heard of, by calls that touch no database, until that is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from yaguts.domain.clock import lately
from yaguts.domain.dispenser import ONLINE_WITHIN

Status = Mapping[str, object]
"""What a heartbeat told of the board's health."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A dispenser was heard of. `status` is the latest that is not stored, if there is one."""

    at: datetime
    status: Status | None


class SignsOfLife:
    """When each dispenser was heard of last by this process. From any thread."""

    def __init__(self) -> None:
        self._heard: dict[int, datetime] = {}
        self._gathered: dict[int, Sign] = {}
        self._returning: dict[int, datetime] = {}

    def is_online(self, dispenser_id: int, now: datetime) -> bool:
        """Whether it was heard of lately. What comes after a silence is to be stored at once."""
        return self._heard.get(dispenser_id) in lately(now, ONLINE_WITHIN)

    def stored(self, dispenser_id: int, now: datetime) -> None:
        """It was heard of, and the database knows that."""
        self._heard[dispenser_id] = now
        self._returning.pop(dispenser_id, None)

    def returns(self, dispenser_id: int, now: datetime) -> None:
        """It was heard of after a silence, which is to be stored at once."""
        self._returning[dispenser_id] = now

    def is_returning(self, dispenser_id: int) -> bool:
        """Whether that is still to be stored."""
        return dispenser_id in self._returning

    def returning(self) -> dict[int, datetime]:
        """All that is to be stored at once."""
        return dict(self._returning)

    def gather(self, dispenser_id: int, now: datetime, status: Status | None = None) -> None:
        """It was heard of, which is to be stored, and so is what it told if it told anything."""
        self._heard[dispenser_id] = now
        self._gathered[dispenser_id] = self.sign(dispenser_id, now, status)

    def sign(self, dispenser_id: int, now: datetime, status: Status | None = None) -> Sign:
        """The sign that it gives now. What it told before stands if it tells nothing else."""
        before = self._gathered.get(dispenser_id)
        return Sign(now, before.status if status is None and before is not None else status)

    def told(self, dispenser_id: int) -> None:
        """It told everything, and the database knows that: what it told before is old."""
        self._gathered.pop(dispenser_id, None)

    def forget(self, dispenser_id: int) -> None:
        """What was heard may be no longer this dispenser's: its board may be another one."""
        for known in (self._heard, self._gathered, self._returning):
            known.pop(dispenser_id, None)

    def clear(self) -> None:
        """Nothing was heard, as when a process begins."""
        for known in (self._heard, self._gathered, self._returning):
            known.clear()

    def gathered(self) -> dict[int, Sign]:
        """What was heard and is not stored."""
        return dict(self._gathered)

    def all_stored(self, those: Mapping[int, Sign]) -> None:
        """These are stored, unless their dispensers were heard of meanwhile."""
        for dispenser_id, sign in those.items():
            if self._gathered.get(dispenser_id) is sign:
                self._gathered.pop(dispenser_id, None)
