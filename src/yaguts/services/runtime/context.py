"""What every service needs, handed in by the composition root: nobody fetches it for themselves."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from yaguts.services.runtime.high_water_mark import Tidemark
from yaguts.services.runtime.hub import Hub
from yaguts.services.runtime.progress import Progress
from yaguts.services.runtime.virtual_boards import Boards
from yaguts.settings import Settings
from yaguts.storage.db.database import Database

Clock = Callable[[], datetime]
"""Gives the present moment as an aware UTC datetime."""

Randomness = Callable[[int], bytes]
"""Gives so many bytes that nobody can guess."""


@dataclass(frozen=True, slots=True)
class Site:
    """One running Yaguts: where it keeps things, what time it is, whom it wakes."""

    database: Database
    clock: Clock
    randomness: Randomness
    hub: Hub
    settings: Settings
    progress: Progress = field(default_factory=Progress)
    boards: Boards = field(default_factory=Boards)
    tidemark: Tidemark = field(default_factory=Tidemark)
