"""The first contact with the server that was typed into the portal.

What pairs and what a heartbeat needs are loaded where they are needed: they are never both.
"""

from yaguts_device.core import set_up
from yaguts_device.flow.clock import BoardClock
from yaguts_device.journal import identity
from yaguts_device.net.address import parse_url
from yaguts_device.net.errors import LinkError, RefusedByServer, Unauthorised, WrongDates
from yaguts_device.net.link import Link
from yaguts_device.net.server import ServerClient

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board
    from yaguts_device.portal.serving.form import Wish

TRIES = 3
RETRY_MS = 1_000


async def first_contact(board: "Board", wish: "Wish") -> int:
    """Pair the board, or see that its token is good. How that ended, of `core.set_up`.

    The board is on the network of the wish. OSError when the flash is full.
    """
    link = Link(board, parse_url(wish.server))
    config = board.flash(identity.NAMESPACE)
    clock = BoardClock(board, link)
    state = set_up.NO_SERVER
    for _ in range(TRIES):
        try:
            await clock.keep()
            state = await _greet(board, ServerClient(link), identity.Identity(config), wish)
            break
        except RefusedByServer:
            state = set_up.REFUSED
            break
        except WrongDates as error:
            state = _told(board, error)
            clock.doubt()
        except LinkError as error:
            state = _told(board, error)
        await board.sleep_ms(RETRY_MS)
    await link.close()
    return state


async def _greet(board: "Board", server: ServerClient, own: identity.Identity, wish: "Wish") -> int:
    if wish.code:
        from yaguts_device.net.token_calls import pair

        paired = await pair(server, board.uid, wish.code)
        own.keep(paired["token"], paired["heartbeat_s"])
        own.spend(wish.code)
        board.radio().keep_server(wish.server)
        return set_up.DONE
    if own.token and wish.server != board.configured().server:
        await server.link.call("GET", "/time")  # the token is another server's secret
        return set_up.UNPAIRED
    board.radio().keep_server(wish.server)
    if not own.token:
        await server.link.call("GET", "/time")
        return set_up.UNPAIRED
    server.token = own.token
    from yaguts_device.net.heartbeat_call import heartbeat

    try:
        await heartbeat(server, {})
    except Unauthorised:
        return set_up.UNPAIRED
    return set_up.DONE


def _told(board: "Board", error: LinkError) -> int:
    board.log("not answered: %s" % error)
    return set_up.UNTRUSTED if "certificate" in str(error) else set_up.NO_SERVER
