"""The site: what every service needs, handed in by the composition root."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from yaguts.services.runtime.alerting.alerting import Alerting
from yaguts.services.runtime.files.mark_file import HighWaterMark
from yaguts.services.runtime.hub import Hub
from yaguts.services.runtime.imports.imports import Imports
from yaguts.services.runtime.live_pages import LivePages
from yaguts.services.runtime.lived_through import LivedThrough
from yaguts.services.runtime.observer import Observer
from yaguts.services.runtime.polls.beats import Beats
from yaguts.services.runtime.polls.idle import Idle
from yaguts.services.runtime.polls.recognised import Recognised
from yaguts.services.runtime.polls.signs_of_life import SignsOfLife
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
    idle: Idle = field(default_factory=Idle)
    recognised: Recognised = field(default_factory=Recognised)
    beats: Beats = field(default_factory=Beats)
    signs_of_life: SignsOfLife = field(default_factory=SignsOfLife)
    progress: ProgressBoard = field(default_factory=ProgressBoard)
    live_pages: LivePages = field(default_factory=LivePages)
    boards: Boards = field(default_factory=Boards)
    high_water_mark: HighWaterMark = field(default_factory=HighWaterMark)
    lived: LivedThrough = field(default_factory=LivedThrough)
    observer: Observer = field(default_factory=Observer)
    alerting: Alerting = field(default_factory=Alerting)
    imports: Imports = field(default_factory=Imports)
