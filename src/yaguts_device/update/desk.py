"""What is done of updates at a start and at a heartbeat, for `flow.updates`."""

from yaguts_device.journal.cells import erase
from yaguts_device.update.cells import get, untold
from yaguts_wire import update_words as u
from yaguts_wire.values import MAX_ID, Malformed, is_message, whole

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any, TypeGuard

    from yaguts_wire.shapes import Message

    Updates = Any  # of `flow.updates`, which is above this package

AGAIN_MS = 3_600_000
"""A refused release is looked at again after so long."""


def start(updates: "Updates", _about: None) -> None:
    """Settle what happened before this start."""
    from yaguts_device.update.settling import facts_of, settle

    try:
        updates.watch = settle(updates.board, updates.cells)
        updates.facts = facts_of(updates.board)
    except OSError as error:  # the flash is full or damaged: pour all the same
        updates.board.log("update: %r" % (error,))


def go_on(updates: "Updates", trial: "tuple[int, int, int, bool]") -> None:
    """Watch on after a job."""
    from yaguts_device.update.trial import taken_up

    updates.watch = taken_up(updates.board, updates.cells, trial)


def tell(updates: "Updates", status: "Message") -> None:
    """Add to the status what has not been told yet."""
    if updates.facts:
        status.update(updates.facts)
    updates.told = _told(updates)
    if updates.told[0]:
        status[u.UPDATE] = untold(*updates.told)


def answered(updates: "Updates", offer: object) -> None:
    """What was told is known. Begin with what is offered, if it may be taken now."""
    updates.facts = None
    if updates.told[0] and updates.told == _told(updates):
        erase(updates.cells, "told")
    updates.told = (0, 0)
    if not _is_offer(offer) or updates.fetching or not _may_fetch(updates, offer[u.RELEASE]):
        return
    if updates.watch:
        updates.watch.confirm()
        updates.watch = None
    from yaguts_device.update.fetching import Fetching

    now_s = updates.trusted_s()
    updates.fetching = Fetching(updates.board, updates.server, updates.cells, offer, now_s)


def end(updates: "Updates", _about: None) -> None:
    """The release was refused, or there is no memory for it: not again for a while."""
    if updates.fetching:
        updates.ended = updates.fetching.release, updates.board.ticks_ms()
    updates.fetching = None


def _is_offer(offer: object) -> "TypeGuard[Message]":
    """Whether this offers a release: {"release": 7}."""
    if not is_message(offer):
        return False
    try:
        return whole(offer, u.RELEASE, 1, MAX_ID) > 0
    except Malformed:
        return False


def _told(updates: "Updates") -> "tuple[int, int]":
    return get(updates.cells, "told"), get(updates.cells, "told_r")


def _may_fetch(updates: "Updates", release: int) -> bool:
    board, (ended, ended_at) = updates.board, updates.ended
    if not board.slot or release == get(updates.cells, "bad"):
        return False
    if release == ended and 0 <= board.ticks_diff(board.ticks_ms(), ended_at) < AGAIN_MS:
        return False
    return not updates.watch or updates.watch.may_give_way()
