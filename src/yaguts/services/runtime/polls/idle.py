"""Which dispensers have nothing to do, known without the database.

Nearly all polls find nothing, and nearly all heartbeats tell nothing new. What is known here may
say "nothing"; whatever hands out a job asks the database.
"""

from collections import Counter
from collections.abc import Mapping
from threading import Lock
from typing import NamedTuple

from yaguts.services.runtime.lived_through import Monotonic, standing_still
from yaguts.storage.db.database import Database
from yaguts.storage.idle_boards import boards_to_tell, idle_boards

KNOWN_FOR_S = 1.0
"""What other processes change is known so much later at most."""


class _Look(NamedTuple):
    """What a look found: the idle dispensers by their tokens, and those that are to be told
    something. `woken` are those about which something is new since.
    """

    boards: Mapping[str, int]
    to_tell: frozenset[int]
    woken: set[int]


class Idle:
    """The boards for which no job waited at the latest look, without those that were woken since.

    `monotonic` gives seconds that pass as time does.
    """

    def __init__(self, monotonic: Monotonic = standing_still) -> None:
        self._monotonic = monotonic
        self._looking = Lock()
        self._looked_at: float | None = None
        self._version: int | None = None
        self._forgotten = 0
        self._woken: set[int] = set()
        self._known = _Look({}, frozenset(), self._woken)
        self._held: Counter[int] = Counter()

    @property
    def is_fresh(self) -> bool:
        """Whether the latest look is recent enough to say "nothing"."""
        looked = self._looked_at
        return looked is not None and 0 <= self._monotonic() - looked < KNOWN_FOR_S

    def dispenser_of(self, token_hash: str) -> int | None:
        """The dispenser with this token if it has nothing to do. None says: ask the database."""
        known = self._known  # Another thread may look meanwhile.
        found = known.boards.get(token_hash)
        return None if found in known.woken else found

    def quiet_dispenser_of(self, token_hash: str) -> int | None:
        """The same, if there is nothing to tell its board either."""
        known = self._known
        found = known.boards.get(token_hash)
        return None if found in known.woken or found in known.to_tell else found

    def look(self, database: Database) -> None:
        """Look into the database, unless another thread just did. Raises `Unavailable`."""
        with self._looking:
            if self.is_fresh:
                return
            forgotten, now, version = self._forgotten, self._monotonic(), database.version()
            if version is None or version != self._version or self._woken:
                self._woken = set()
                with database.read() as connection:
                    self._known = _Look(
                        idle_boards(connection), boards_to_tell(connection), self._woken
                    )
            if forgotten == self._forgotten:  # Nobody said meanwhile that all may be new.
                self._version, self._looked_at = version, now

    def wake(self, dispenser_id: int) -> None:
        """Something is new about this dispenser. From any thread."""
        self._known.woken.add(dispenser_id)
        self._woken.add(dispenser_id)  # Another set, while somebody looks.

    def forget(self) -> None:
        """Know nothing, until somebody looks. From any thread."""
        self._forgotten += 1
        self._looked_at = self._version = None

    def held(self, dispenser_id: int, more: int) -> None:
        """So many more polls of this dispenser are held now, or less. From the event loop."""
        self._held[dispenser_id] += more
        if not self._held[dispenser_id]:
            del self._held[dispenser_id]

    @property
    def is_held(self) -> bool:
        """Whether any poll is held."""
        return bool(self._held)

    def held_but_busy(self) -> list[int]:
        """The dispensers whose polls are held though they may have something to do."""
        known = self._known
        idle = set(known.boards.values()) - known.woken
        return [dispenser_id for dispenser_id in self._held if dispenser_id not in idle]
