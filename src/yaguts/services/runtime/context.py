"""The site: what every service needs, handed in by the composition root."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from yaguts.services.runtime.hub import Hub
from yaguts.services.runtime.lived_through import LivedThrough
from yaguts.services.runtime.mark_file import HighWaterMark
from yaguts.services.runtime.progress import ProgressBoard
from yaguts.services.runtime.virtual.virtual_boards import Boards
from yaguts.settings import Settings
from yaguts.storage.db.database import Database

Clock = Callable[[], datetime]
"""Returns the present moment as an aware UTC datetime."""

Randomness = Callable[[int], bytes]
"""Returns this many unpredictable bytes."""


@dataclass(frozen=True, slots=True)
class Site:
    """One running server: database, clock, randomness, hub, settings."""

    database: Database
    clock: Clock
    randomness: Randomness
    hub: Hub
    settings: Settings
    progress: ProgressBoard = field(default_factory=ProgressBoard)
    boards: Boards = field(default_factory=Boards)
    high_water_mark: HighWaterMark = field(default_factory=HighWaterMark)
    lived: LivedThrough = field(default_factory=LivedThrough)
