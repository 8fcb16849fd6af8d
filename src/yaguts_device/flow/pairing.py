"""Pair the dispenser: its code for a token. Loaded for that only."""

from yaguts_device.net import token_calls
from yaguts_device.net.errors import RefusedByServer
from yaguts_wire import happenings as h

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.flow.shown import Shown
    from yaguts_device.hal.board import Board
    from yaguts_device.journal.identity import Identity
    from yaguts_device.net.server import ServerClient


async def pair(
    board: "Board", server: "ServerClient", identity: "Identity", code: str, shown: "Shown"
) -> bool:
    """Whether the code gave a token. LinkError when the server does not answer."""
    try:
        paired = await token_calls.pair(server, board.uid, code)
    except RefusedByServer:
        board.log("the pairing code is wrong or has expired")
        shown.panel("note", h.CODE_REFUSED)
        identity.spend(code)
        return False
    identity.keep(paired["token"], paired["heartbeat_s"])
    identity.spend(code)
    server.token = paired["token"]
    return True
