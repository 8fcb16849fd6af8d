"""Read an offer before the rest of a job is loaded: a small heap has no room for both."""

from yaguts_device.core.held_job import pack_job
from yaguts_device.core.new_job import held_job_of
from yaguts_device.net.errors import LinkError
from yaguts_wire.offers import read_job
from yaguts_wire.values import Malformed

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_wire.shapes import Message


def packed_offer(message: "Message") -> bytes:
    """The part of an offer that the journal keeps, packed. LinkError when it is none.

    Empties the message, so that its memory is free.
    """
    try:
        offer = read_job(message)
    except Malformed as error:
        raise LinkError("job without " + error.key) from None
    message.clear()
    return bytes(pack_job(held_job_of(offer)))
