"""Dispensers by their tokens, as the database knew them a second ago at most."""

from yaguts.domain.dispenser import Dispenser
from yaguts.services.runtime.lived_through import Monotonic, standing_still

KNOWN_FOR_S = 1.0
"""Several calls of a dispenser come within it while it dispenses."""
MOST = 1024


class Recognised:
    """The dispensers that called lately. From any thread.

    Whatever hands out a job, lets one start or books a report looks at the token again.
    `monotonic` gives seconds that pass as time does.
    """

    def __init__(self, monotonic: Monotonic = standing_still) -> None:
        self._monotonic = monotonic
        self._known: dict[str, tuple[Dispenser, float]] = {}
        self._tokens: dict[int, str] = {}

    def of(self, token_hash: str) -> Dispenser | None:
        """The dispenser with this token. None says: ask the database."""
        found = self._known.get(token_hash)
        if found is None or not 0 <= self._monotonic() - found[1] < KNOWN_FOR_S:
            return None
        return found[0]

    def note(self, token_hash: str, dispenser: Dispenser) -> None:
        """The database says so now."""
        if len(self._known) >= MOST:
            self.clear()
        self.forget(dispenser.id)
        self._known[token_hash] = dispenser, self._monotonic()
        self._tokens[dispenser.id] = token_hash

    def forget(self, dispenser_id: int) -> None:
        """Something is new about this dispenser."""
        self._known.pop(self._tokens.pop(dispenser_id, ""), None)

    def clear(self) -> None:
        """Know nothing, until somebody calls."""
        self._known.clear()
        self._tokens.clear()
