"""The calls by which a dispenser gets a token. LinkError when one fails."""

from yaguts_device import VERSION
from yaguts_device.net.errors import LinkError, RefusedByServer
from yaguts_device.net.server import message_of
from yaguts_wire import token_messages as m
from yaguts_wire.values import Malformed

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.net.server import ServerClient
    from yaguts_wire.shapes import NewToken


async def pair(server: "ServerClient", uid: str, code: str) -> "NewToken":
    """Exchange a pairing code for a token. RefusedByServer: wrong or expired code."""
    message = m.build_pairing(uid, code, VERSION)
    answer = await server.link.call("POST", "/devices/claim", message)
    if answer.status in (400, 409, 422):
        raise RefusedByServer(str(answer.status))
    try:
        return m.read_paired(message_of(answer))
    except Malformed as error:
        raise LinkError("claim without " + error.key) from None


async def new_token(server: "ServerClient") -> str:
    """A renewed token. Its first use makes the old one invalid."""
    try:
        return m.read_token(message_of(await server.call("POST", "/devices/me/token", {})))
    except Malformed:
        raise LinkError("no token") from None
