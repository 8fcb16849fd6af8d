"""Send one heartbeat, with what there is to tell. Loaded for that only, between jobs."""

from yaguts_device.net.heartbeat_call import heartbeat
from yaguts_wire import dispenser_words as w

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.flow.parked import Parked
    from yaguts_device.flow.shown import Shown
    from yaguts_device.flow.updates import Updates
    from yaguts_device.hal.board import Board
    from yaguts_device.net.server import ServerClient
    from yaguts_wire.shapes import Message


async def beat(
    server: "ServerClient",
    parked: "Parked",
    shown: "Shown",
    updates: "Updates | None",
    first: bool,
) -> bool:
    """Whether the server wants the token renewed. LinkError when it does not answer.

    `first`: it is the first one since the start.
    """
    status = parked.tell(_status(shown.board))
    if shown.is_untold:
        shown.panel("tell", status)
    if updates:
        updates.tell(status)
    renew, offered = await heartbeat(server, status)
    if updates:
        updates.answered(offered)
    if w.HAPPENINGS in status:
        shown.panel("forget", status[w.HAPPENINGS])
    if first:
        shown.board.log("claimed by your server")
    shown.hear(server.link.place, status)
    return renew


def _status(board: "Board") -> "Message":
    try:
        return board.status()
    except OSError:  # there is no Wi-Fi yet: nothing that matters
        return {}
