"""The id of a request: in its answer, on its error page, and in each line of the log about it."""

from contextvars import ContextVar

HEADER = "X-Request-Id"
_id: ContextVar[str] = ContextVar("request_id", default="")


def begin_request(request_id: str) -> None:
    """Name the request that this task and its threads answer from now on."""
    _id.set(request_id)


def request_id() -> str:
    """The id of the request that is being answered; "" outside of one."""
    return _id.get()
