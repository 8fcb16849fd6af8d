"""What is known of the parked reports while nobody needs `parked_reports`."""

from yaguts_device.net.backoff import jittered_ms
from yaguts_wire import dispenser_words as w

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board
    from yaguts_wire.shapes import Message

FIRST_MS = 60_000
LONGEST_MS = 3_600_000


class Parked:
    """How many reports are parked and how many are lost, and when they are sent again."""

    def __init__(self, board: "Board") -> None:
        self.board = board
        self.count = 0
        self.lost = 0
        self._sent_at = 0
        self._pause_ms = 0

    def pause(self, ms: int = FIRST_MS) -> None:
        """Send them after about so long."""
        self._sent_at = self.board.ticks_ms()
        self._pause_ms = jittered_ms(self.board, ms)

    def pause_longer(self) -> None:
        """Send them after twice as long as before, but at least once an hour."""
        self.pause(min(2 * self._pause_ms, LONGEST_MS))

    def is_due(self) -> bool:
        """Whether it is time to send them."""
        waited_ms = self.board.ticks_diff(self.board.ticks_ms(), self._sent_at)
        return self.count > 0 and waited_ms >= self._pause_ms

    def tell(self, status: "Message") -> "Message":
        """The status for a heartbeat, with how many are parked and how many are lost."""
        if self.count or self.lost:
            status[w.PARKED], status[w.LOST] = self.count, self.lost
        return status
