"""How to tell that a database is older than the one that was there before: it was restored.

Beside the database stands a mark of how far it had come. A restore begins a new epoch, so that
servers that share the database, each with a mark of its own, restore it once.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a database has come: its epoch, the epoch's random name, its last movement's id."""

    epoch: int = 0
    name: str = ""
    movement: int = 0


def went_back(kept: Mark | None, seen: Mark) -> bool:
    """Whether what is seen now was there before what was kept, or beside it."""
    if kept is None or seen.epoch != kept.epoch:
        return kept is not None and seen.epoch < kept.epoch
    return seen.name != kept.name or seen.movement < kept.movement
