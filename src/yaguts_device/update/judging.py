"""Judge what a signed manifest says of its release. Pure. `ReleaseRefused` says why not."""

from yaguts_device.net.errors import ReleaseRefused
from yaguts_device.update.manifest import release_number
from yaguts_wire import update_words as u

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any

    from yaguts_wire.shapes import Message


def judge(facts: "Message", board: "Message", now_s: "int | None", newest: int) -> None:
    """Refuse a release that is not for this board or not for this day.

    `board` has the facts that it tells its server, and the `server`'s version if that is known.
    `newest`: the highest release that it ever confirmed or runs. `now_s` is None without a time
    that can be trusted.
    """
    if not release_number(facts):
        raise ReleaseRefused(u.MALFORMED)
    if release_number(facts) <= newest:
        raise ReleaseRefused(u.DOWNGRADE)
    if facts.get(u.HARDWARE) != board[u.HARDWARE]:
        raise ReleaseRefused(u.WRONG_HARDWARE)
    if facts.get(u.BYTECODE) != board[u.BYTECODE]:
        raise ReleaseRefused(u.WRONG_BYTECODE)
    if _numbers(board[u.MICROPYTHON]) < _numbers(facts.get(u.MICROPYTHON)):
        raise ReleaseRefused(u.OLD_MICROPYTHON)
    _judge_server(facts.get("server"), board.get("server"))
    expires = facts.get("expires")
    if not isinstance(expires, int):
        raise ReleaseRefused(u.MALFORMED)
    if now_s is None:
        raise ReleaseRefused(u.NO_TIME)
    if now_s >= expires:
        raise ReleaseRefused(u.EXPIRED)


def _judge_server(spoken: "Any", version: "str | None") -> None:
    if not isinstance(spoken, dict):
        raise ReleaseRefused(u.MALFORMED)
    if not version:
        return
    known = _numbers(version)
    to = _numbers(spoken.get("to"))  # type: ignore[reportUnknownMemberType]
    if known < _numbers(spoken.get("from")) or (to and known[: len(to)] > to):  # type: ignore[reportUnknownMemberType]
        raise ReleaseRefused(u.WRONG_SERVER)


def _numbers(version: "Any") -> "list[int]":
    """[1, 28] of "1.28"; nothing of None, which is smaller than any."""
    if version is None:
        return []
    try:
        return [int(number) for number in version.split(".")]
    except (ValueError, AttributeError):
        raise ReleaseRefused(u.MALFORMED) from None
