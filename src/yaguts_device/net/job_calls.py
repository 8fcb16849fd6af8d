"""The calls about a job that the dispenser holds, one method each. LinkError when one fails."""

from yaguts_device.net.errors import LinkError, RefusedByServer
from yaguts_device.net.link import ANSWER_MS
from yaguts_device.net.server import message_of
from yaguts_wire import dispenser_words as w
from yaguts_wire import messages as m

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.net.server import ServerClient
    from yaguts_wire.shapes import Message, Place


class JobCalls:
    """The server, for the job of one dispenser."""

    def __init__(self, server: "ServerClient") -> None:
        self._server = server
        self.link = server.link

    async def accept(self, job_id: int, job_key: str, acceptance: int) -> None:
        """Ask the server to accept the job. RefusedByServer when the job may no longer start."""
        path = "/devices/me/jobs/%d/accept" % job_id
        answer = await self._server.call("POST", path, m.build_accept(job_key, acceptance))
        if answer.status in (403, 404, 409):
            raise RefusedByServer(str(answer.status))
        if not m.read_accepted(message_of(answer), job_key):
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
        answer = await self._server.call("POST", "/devices/me/jobs/%d/complete" % job_id, message)
        # 408, 425 and 429 refuse no report: they were too slow, too early, too often.
        if answer.status >= 400 and answer.status not in (408, 425, 429):
            raise RefusedByServer(str(answer.status))
        if answer.status != 200 or not m.read_ok(message_of(answer)):
            raise LinkError("report not booked: %d" % answer.status)

    async def _send_progress(self, job_id: int, message: "Message", patience_ms: int) -> "Message":
        path = "/devices/me/jobs/%d/progress" % job_id
        return message_of(await self._server.call("POST", path, message, patience_ms))
