"""What boards told of themselves in their last heartbeats, known without the database."""

from datetime import datetime
from typing import NamedTuple

from yaguts.domain.clock import lately
from yaguts.domain.dispenser import TOKEN_LIFE
from yaguts.services.runtime.lived_through import Monotonic, standing_still

KNOWN_FOR_S = 600.0
"""After so long the database is told again, in case that another process told it something else."""
MOST = 65_536


class _Told(NamedTuple):
    firmware: object
    token_since: datetime | None
    monotonic_s: float


class Beats:
    """The boards whose last heartbeat was stored and answered with nothing to do. From any thread.

    `monotonic` gives seconds that pass as time does.
    """

    def __init__(self, monotonic: Monotonic = standing_still) -> None:
        self._monotonic = monotonic
        self._told: dict[str, _Told] = {}

    def note(self, token_hash: str, firmware: object, token_since: datetime | None) -> None:
        """The board with this token told this version, which is stored."""
        if len(self._told) >= MOST:
            self.clear()
        self._told[token_hash] = _Told(firmware, token_since, self._monotonic())

    def is_known(self, token_hash: str, firmware: str, now: datetime) -> bool:
        """Whether the board told this version lately, and need not renew its token."""
        told = self._told.get(token_hash)
        return (
            told is not None
            and told.firmware == firmware
            and told.token_since in lately(now, TOKEN_LIFE)
            and 0 <= self._monotonic() - told.monotonic_s < KNOWN_FOR_S
        )

    def forget(self, token_hash: str) -> None:
        """The board has something to do."""
        self._told.pop(token_hash, None)

    def clear(self) -> None:
        """Know nothing, until boards send heartbeats."""
        self._told.clear()
