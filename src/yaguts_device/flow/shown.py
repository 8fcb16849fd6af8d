"""What stays of the panel between two calls of it. The panel is a convenience: it cannot fail."""

from yaguts_device.phases import Phase

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any

    from yaguts_device.hal.board import Board


class Shown:
    """What the LED shows, since when the server is silent (None: it is not), and two more.

    `is_untold`: there are happenings that no heartbeat has told. `is_troubled`: the last job had a
    fault, or its report was refused.
    """

    def __init__(self, board: "Board") -> None:
        self.board = board
        self.state = -1
        self.silent_since: "int | None" = board.ticks_ms()
        self.is_untold = True
        self.is_troubled = False

    def panel(self, name: str, *arguments: "Any") -> None:
        """Load `flow.panel`, call the function of this name, and let the module go."""
        try:
            with Phase():
                from yaguts_device.flow import panel

                getattr(panel, name)(self, *arguments)
        except (OSError, MemoryError):
            pass
