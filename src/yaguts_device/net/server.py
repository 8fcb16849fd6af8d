"""The calls that the dispenser makes to its server, one method each. LinkError when one fails.

Only this module and `link` decide whether an answer is valid.
"""

from yaguts_device import VERSION
from yaguts_device.core.held_job import held_job_of
from yaguts_device.net.errors import LinkError, RefusedByServer, Unauthorised
from yaguts_device.net.link import ANSWER_MS, HttpAnswer, Link
from yaguts_wire import dispenser_words as w
from yaguts_wire import messages as m
from yaguts_wire.limits import MAX_POLL_S
from yaguts_wire.values import Malformed

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.core.held_job import HeldJob
    from yaguts_wire.shapes import Message, NewToken, Place


class ServerClient:
    """The server, for one dispenser with one token."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.token = ""

    async def pair(self, uid: str, code: str) -> "NewToken":
        """Exchange a pairing code for a token. RefusedByServer: wrong or expired code."""
        answer = await self.link.call("POST", "/devices/claim", m.build_pairing(uid, code, VERSION))
        if answer.status in (400, 409, 422):
            raise RefusedByServer(str(answer.status))
        try:
            return m.read_paired(_message(answer))
        except Malformed as error:
            raise LinkError("claim without " + error.key) from None

    async def next_job(self, holding: str) -> "HeldJob | None":
        """The next offer, waited for in a long poll; None when there is none."""
        path = "/devices/me/next_job?wait=%d" % MAX_POLL_S
        header = "%s: %s" % (w.HOLDING_HEADER, holding)
        answer = await self._call("GET", path, None, MAX_POLL_S * 1000 + ANSWER_MS, header)
        if answer.status == 204:
            return None
        try:
            message = _message(answer)
            offer = m.read_job(message)
            message.clear()  # a small heap has no room for message, offer and job
            return held_job_of(offer)
        except Malformed as error:
            raise LinkError("job without " + error.key) from None

    async def accept(self, job_id: int, job_key: str, acceptance: int) -> None:
        """Ask the server to accept the job. RefusedByServer when the job may no longer start."""
        path = "/devices/me/jobs/%d/accept" % job_id
        answer = await self._call("POST", path, m.build_accept(job_key, acceptance))
        if answer.status in (403, 404, 409):
            raise RefusedByServer(str(answer.status))
        if not m.read_accepted(_message(answer), job_key):
            raise LinkError("accepted something else")

    async def progress(
        self, job_id: int, job_key: str, dose: "Place", mg: int, status: str, patience_ms: int
    ) -> bool:
        """Send progress. Whether the job is cancelled."""
        message = m.build_progress(job_key, dose, mg, status)
        return m.read_cancel(await self._send_progress(job_id, message, patience_ms))

    async def may_resume(
        self, job_id: int, job_key: str, dose: "Place", mg: int, question: int
    ) -> "bool | None":
        """Ask whether to resume a job after an outage. None when nobody has answered yet."""
        message = m.build_progress(job_key, dose, mg, w.RUNNING, question)
        answer = await self._send_progress(job_id, message, ANSWER_MS)
        if m.read_cancel(answer):
            return False
        return m.read_resume(answer, question) or None

    async def report(self, job_id: int, message: "Message") -> None:
        """Send the report of a job. Returns only when the server has stored it.

        RefusedByServer when it would refuse the same report again.
        """
        answer = await self._call("POST", "/devices/me/jobs/%d/complete" % job_id, message)
        # 408, 425 and 429 refuse no report: they were too slow, too early, too often.
        if answer.status >= 400 and answer.status not in (408, 425, 429):
            raise RefusedByServer(str(answer.status))
        if answer.status != 200 or not m.read_ok(_message(answer)):
            raise LinkError("report not booked: %d" % answer.status)

    async def heartbeat(self, status: "Message") -> bool:
        """Send a heartbeat. Whether the server wants the token renewed."""
        path = "/devices/me/heartbeat"
        answer = await self._call("POST", path, m.build_heartbeat(VERSION, status))
        return m.read_renew_token(_message(answer))

    async def new_token(self) -> str:
        """A renewed token. Its first use makes the old one invalid."""
        try:
            return m.read_token(_message(await self._call("POST", "/devices/me/token", {})))
        except Malformed:
            raise LinkError("no token") from None

    async def _send_progress(self, job_id: int, message: "Message", patience_ms: int) -> "Message":
        path = "/devices/me/jobs/%d/progress" % job_id
        return _message(await self._call("POST", path, message, patience_ms))

    async def _call(
        self,
        method: str,
        path: str,
        body: "Message | None",
        patience_ms: int = ANSWER_MS,
        header: str = "",
    ) -> HttpAnswer:
        headers = ("Authorization: Bearer " + self.token, header)
        answer = await self.link.call(
            method, path, body, headers[: 2 if header else 1], patience_ms
        )
        if answer.status == 401:
            raise Unauthorised("401")
        return answer


def _message(answer: HttpAnswer) -> "Message":
    if answer.message is None or not 200 <= answer.status < 300:
        raise LinkError("status %d" % answer.status)
    return answer.message
