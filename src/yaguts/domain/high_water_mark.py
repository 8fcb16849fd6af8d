"""How to tell that a database was restored from an older copy.

The high-water mark beside the database says how far the database had come. A restore begins a new
epoch, so that several servers, each with its own mark, restore a shared database once.
"""

from dataclasses import dataclass

from yaguts.domain.seals import Tail


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a database has come: its epoch, the epoch's random name, its last movement's id, and
    the last seal of its audit log.
    """

    epoch: int = 0
    name: str = ""
    movement: int = 0
    sealed: int = 0
    seal: str = ""

    @property
    def tail(self) -> Tail:
        """The last seal."""
        return Tail(self.sealed, self.seal)


def went_back(kept: Mark | None, seen: Mark) -> bool:
    """Whether the database has lost something since the mark was kept."""
    if kept is None or seen.epoch != kept.epoch:
        return kept is not None and seen.epoch < kept.epoch
    return seen.name != kept.name or seen.movement < kept.movement
