"""How many new jobs a dispenser takes in an hour."""

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board

AT_ONCE = 30
ANOTHER_EVERY_MS = 120_000
"""Thirty new jobs at once, and another every two minutes: at most sixty in any hour."""


class OfferLimit:
    """Counts new jobs in memory, for as long as the board is not restarted."""

    def __init__(self, board: "Board") -> None:
        self._board = board
        self._earned_at = board.ticks_ms()
        self._left = AT_ONCE

    def is_left(self) -> bool:
        """Whether another new job may be taken. Each one wears the flash."""
        now = self._board.ticks_ms()
        earned = self._board.ticks_diff(now, self._earned_at) // ANOTHER_EVERY_MS
        if earned:  # below 0: ticks have wrapped around since
            self._earned_at = now
            self._left = min(AT_ONCE, self._left + earned) if earned > 0 else AT_ONCE
        if not self._left:
            return False
        self._left -= 1
        return True
