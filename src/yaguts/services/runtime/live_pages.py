"""How many live pages each person has open in this process."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock

from yaguts.domain.errors import TooManyLive
from yaguts.domain.ids import PersonId
from yaguts.domain.quotas import MOST_LIVE_PAGES

WAIT_S = 10
"""Whoever has too many is told to come again after this time."""


class LivePages:
    """The live pages of every person."""

    def __init__(self) -> None:
        self._open: Counter[PersonId] = Counter()
        self._lock = Lock()

    def insist_on_room(self, person_id: PersonId) -> None:
        """Check that the person may open one more. Raises `TooManyLive`."""
        with self._lock:
            if self._open[person_id] >= MOST_LIVE_PAGES:
                raise TooManyLive(most=MOST_LIVE_PAGES, wait_s=WAIT_S)

    @contextmanager
    def one_of(self, person_id: PersonId) -> Generator[None]:
        """Count one while the block runs. Raises `TooManyLive`."""
        self.insist_on_room(person_id)
        with self._lock:
            self._open[person_id] += 1
        try:
            yield
        finally:
            with self._lock:
                self._open[person_id] -= 1
                if not self._open[person_id]:
                    del self._open[person_id]
