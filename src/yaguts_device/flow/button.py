"""The button: a press stops the running job, a hold opens the set-up. It may fail: then neither.

Held while the board starts it resets: see `flow.factory_reset`.
"""

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board

DEBOUNCE_MS = 30
"""What is over sooner is a bounce of the contact or a spike from a relay."""
HOLD_MS = 3_000
CHECK_EVERY_MS = 100
BROKEN_MS = 1_000


class Button:
    """What somebody asked for with the button. Whoever does it sets it back to False."""

    def __init__(self, board: "Board") -> None:
        self.pressed = False
        self.held = False
        self.in_job = False
        """Whether there is a job: a hold that begins then is no more than a press."""
        self.unseen = False
        """Whether the interpreter has just stood still, so that a press may be over already."""
        self._board = board

    async def watch(self) -> None:
        """Look at the button for ever."""
        while True:
            try:
                await self._board.button_down()
                await self._hear()
            except (OSError, MemoryError):
                await self._board.sleep_ms(BROKEN_MS)

    async def _hear(self) -> None:
        if not self.unseen:
            await self._board.sleep_ms(DEBOUNCE_MS)
            if not self._board.button():
                return
        self.pressed = True
        may_hold = not self.in_job
        down_ms = DEBOUNCE_MS
        while self._board.button():
            await self._board.sleep_ms(CHECK_EVERY_MS)
            down_ms += CHECK_EVERY_MS
            if may_hold and down_ms >= HOLD_MS:
                self.held, may_hold = True, False
