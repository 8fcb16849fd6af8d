"""The calls of a dispenser that waits for a job. LinkError when one fails.

Its other calls are in `heartbeat_call`, `job_calls` and `token_calls`, which are loaded when they
are needed. Only these modules and `link` decide whether an answer is valid.
"""

from yaguts_device.net.errors import LinkError, Unauthorised
from yaguts_device.net.link import ANSWER_MS, HttpAnswer, Link
from yaguts_wire import dispenser_words as w
from yaguts_wire.limits import MAX_POLL_S

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_wire.shapes import Message


class ServerClient:
    """The server, for one dispenser with one token."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.token = ""

    async def next_job(self, holding: str, wait_s: int = MAX_POLL_S) -> "Message | None":
        """The next offer as it came, waited for in a long poll; None when there is none."""
        path = "/devices/me/next_job?wait=%d" % wait_s
        header = "%s: %s" % (w.HOLDING_HEADER, holding)
        answer = await self.call("GET", path, None, wait_s * 1000 + ANSWER_MS, header)
        return None if answer.status == 204 else message_of(answer)

    async def call(
        self,
        method: str,
        path: str,
        body: "Message | None",
        patience_ms: int = ANSWER_MS,
        header: str = "",
    ) -> HttpAnswer:
        """Any call with the token. Unauthorised when the server does not know it."""
        headers = ("Authorization: Bearer " + self.token, header)
        answer = await self.link.call(
            method, path, body, headers[: 2 if header else 1], patience_ms
        )
        if answer.status == 401:
            raise Unauthorised("401")
        return answer


def message_of(answer: HttpAnswer) -> "Message":
    """The message of an answer with a status of 2xx. LinkError when there is none."""
    if answer.message is None or not 200 <= answer.status < 300:
        raise LinkError("status %d" % answer.status)
    return answer.message
