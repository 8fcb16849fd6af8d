"""The messages by which a dispenser gets its token."""

from yaguts_wire import dispenser_words as w
from yaguts_wire.values import identity, whole, word

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_wire.shapes import Message, NewToken


def build_pairing(uid: str, code: str, firmware: str) -> "Message":
    """A dispenser asks for a token with a pairing code."""
    return {w.UID: uid, w.CLAIM_CODE: code, w.FIRMWARE: firmware}


def read_paired(message: "Message") -> "NewToken":
    """{"device_id", "token", "heartbeat_s"} of a dispenser that has just been paired."""
    return {
        "device_id": identity(message, w.DEVICE_ID),
        "token": word(message, w.DEVICE_TOKEN, 128),
        "heartbeat_s": whole(message, w.HEARTBEAT_S, 1, 3600),
    }


def read_token(message: "Message") -> str:
    """The renewed token in the message."""
    return word(message, w.DEVICE_TOKEN, 128)
