"""The heartbeat's call. LinkError when it fails."""

from yaguts_device import VERSION
from yaguts_device.net.server import message_of
from yaguts_wire import dispenser_words as w

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.net.server import ServerClient
    from yaguts_wire.shapes import Message

_UPDATE_OFFERED = "atualizacao"
"""As in `yaguts_wire.update_words`, which is loaded for an update only."""


async def heartbeat(server: "ServerClient", status: "Message") -> "tuple[bool, object]":
    """Whether the server wants the token renewed; the update it offers.

    `status` is a small dict, for example {"rssi": -60, "heap": 91000}.
    """
    body = {w.FIRMWARE: VERSION, w.STATUS: status}
    answer = message_of(await server.call("POST", "/devices/me/heartbeat", body))
    return answer.get(w.RENEW_TOKEN) is True, answer.get(_UPDATE_OFFERED)
