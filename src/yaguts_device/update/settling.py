"""What the cells of the slots mean at a start, whatever was cut: settled before anything else.

trial is this release                it runs untried, or was just confirmed
trial is the other one, and silent   it came back because no server was heard; after another
                                     restart nobody can tell any more whose fault that was
trial is the other one, and untried  the power failed before the other slot was active
trial is the other one               the loader gave it up: it is bad
no trial                             confirmed, or it came by cable
"""

from yaguts_device.update.cells import get, is_to_tell, put, tell
from yaguts_device.update.slots import MANIFEST, key_ids, release_in
from yaguts_wire import happenings as h
from yaguts_wire import update_words as u

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board, Flash
    from yaguts_device.update.trial import AfterSilence, ByCable, Trial
    from yaguts_wire.shapes import Message


def settle(board: "Board", cells: "Flash") -> "Trial | AfterSilence | ByCable | None":
    """What there is to watch from now on; None when nothing is on trial."""
    own, trial = release_in(board.files(), "/" + board.slot + MANIFEST), get(cells, "trial")
    newest = get(cells, "release")
    if not trial and own <= newest:
        put(cells, "untried", 0)
        return None
    from yaguts_device.update.trial import AfterSilence, ByCable, Trial, leave

    if trial and trial == own:
        if newest >= own:  # the power failed while it was confirmed
            Trial(board, cells, own).confirm()
            return None
        put(cells, "untried", 1)
        tell(cells, u.UNTRIED, own)
        return Trial(board, cells, own)
    if trial and get(cells, "silent") == trial:
        put(cells, "untried", 0)
        if get(cells, "judged") != trial:
            put(cells, "judged", trial)
            return AfterSilence(board, cells)
        if is_to_tell(cells, u.FELL_BACK, trial):  # the power failed while it was judged
            leave(cells, u.SILENCE)
    elif trial and not get(cells, "untried"):
        leave(cells, u.WATCHDOG if board.reset_cause == h.WATCHDOG else u.CRASH)
    put(cells, "untried", 0)
    put(cells, "trial", 0)
    return ByCable(cells, own) if own > newest else None


def facts_of(board: "Board") -> "Message":
    """What the server is told of the board once a start."""
    files = board.files()
    facts = files.platform()
    facts[u.RELEASE] = release_in(files, "/" + board.slot + MANIFEST)
    facts[u.SLOT] = board.slot
    facts[u.KEYS] = key_ids(files)
    return facts
