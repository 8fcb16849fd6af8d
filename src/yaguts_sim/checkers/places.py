"""Checks who is handed the jobs of a place whose board may be replaced (I7).

The truth is what people did, and when each board was heard of; the server's own times are not read.
"""

from yaguts.domain.dispenser import SILENT_FOR
from yaguts_sim.engine.clock import US_PER_S, Microseconds
from yaguts_sim.setup.kitchen import Replacement, SimKitchen

_NOTED_LATE = 60 * US_PER_S
"""The server does not store each sign of life, and none while its disk is full."""
_SILENT_FOR: Microseconds = int(SILENT_FOR.total_seconds()) * US_PER_S
_PLACE_OF_JOB = "SELECT dispenser_id FROM jobs WHERE key = ?"


class PlaceChecker:
    """When boards were heard of and paired, and since when a newcomer has the place (-1: not)."""

    def __init__(self, kitchen: SimKitchen) -> None:
        self.taken_at: Microseconds = -1
        self._kitchen = kitchen
        self._heard_at: dict[int, Microseconds] = {}
        self._paired_at: dict[int, Microseconds] = {}

    def heard(self, board: int) -> None:
        """Note a call with the token of this board."""
        self._heard_at[board] = self._kitchen.world.now

    def paired(self, board: int) -> None:
        """Note that a board was paired."""
        self._paired_at[board] = self._kitchen.world.now

    def take(self) -> None:
        """Note that the newcomer has the place: it was handed a job, or its owner said so."""
        if not self._is_taken():
            self.taken_at = self._kitchen.world.now

    def is_silent(self, replacement: Replacement) -> bool:
        """Whether the old board was not heard of since the newcomer was paired."""
        paired_at = self._paired_at.get(replacement.newcomer, 0)
        return self._heard_at.get(replacement.old, 0) <= paired_at

    def is_taken_from(self, board: int) -> bool:
        """Whether a newcomer has the place of this board."""
        replacement = self._kitchen.replacement
        return replacement is not None and replacement.old == board and self._is_taken()

    def wrong(self, board: int, key: str) -> str:
        """What is wrong with a board being handed this job; empty when nothing is."""
        replacement = self._kitchen.replacement
        if replacement is None or not self._is_of(replacement.place, key):
            return ""
        if board == replacement.newcomer:
            if not (self._is_taken() or self._may_take(replacement)):
                return "a newcomer that may not have the other board's place"
            self.take()
        elif self.is_taken_from(board):
            return "a board that was replaced"
        return ""

    def _may_take(self, replacement: Replacement) -> bool:
        if replacement.said is not None:
            return replacement.said
        now, heard_at = self._kitchen.world.now, self._heard_at.get(replacement.old, 0)
        if heard_at > self._paired_at.get(replacement.newcomer, now) + _NOTED_LATE:
            return False
        # By a clock that jumped an hour is any time.
        return self._kitchen.host.harness.jumped or now - heard_at >= _SILENT_FOR - _NOTED_LATE

    def _is_taken(self) -> bool:
        return self.taken_at >= 0 and not self._kitchen.host.has_forgotten(self.taken_at)

    def _is_of(self, place: int, key: str) -> bool:
        return self._kitchen.host.rows(_PLACE_OF_JOB, key) == [(place,)]
