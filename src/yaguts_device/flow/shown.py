"""The LED, and what stays of `flow.panel` between two calls of it. Neither can fail."""

from yaguts_device.hal import led
from yaguts_device.phases import Phase

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any

    from yaguts_device.hal.board import Board
    from yaguts_wire.shapes import Message


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

    def show(self, state: int) -> None:
        """Show one of the states of `hal.led`. An LED that fails is tried again at the next one."""
        if state == led.IDLE and self.is_troubled:
            state = led.TROUBLE
        if state != self.state:
            self.state = state
            try:
                self.board.light(state)
            except (OSError, ValueError, MemoryError) as error:
                self.board.log("LED: %r" % (error,))

    def hear(self, server: str, status: "Message") -> None:
        """The server at this place answers."""
        if self.silent_since is not None:
            self.panel("hear", server, status)
        self.show(led.IDLE)

    def panel(self, name: str, *arguments: "Any") -> None:
        """Load `flow.panel`, call the function of this name, and let the module go.

        Never while there is a job: a small heap has no room for both.
        """
        try:
            with Phase():
                from yaguts_device.flow import panel

                getattr(panel, name)(self, *arguments)
        except (OSError, MemoryError):
            pass
