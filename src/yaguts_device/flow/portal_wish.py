"""When the portal opens: nothing is configured, or it was asked for.

Asked for, the board restarts and opens it before anything else is loaded. So the portal never runs
beside a job, and it finds an empty heap. The wish is a cell of the namespace `config`, which is
erased before the portal opens: a restart in between ends it.
"""

from yaguts_device.journal import identity
from yaguts_device.journal.cells import erase, read_cell, write_cell
from yaguts_device.update import NAMESPACE as SLOTS

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board


def want_portal(board: "Board") -> None:
    """Restart the board into its portal. Only while nothing is left to pour.

    Returns only when the board has no portal. OSError when the flash is full.
    """
    if board.configured().has_portal:
        write_cell(board.flash(identity.NAMESPACE), identity.PORTAL, 1)
        board.dark()
        restart(board)


def restart(board: "Board") -> None:
    """Restart on somebody's word: the loader does not count it against a release on trial."""
    erase(board.flash(SLOTS), "tries")
    board.reset()


def take_wish(board: "Board") -> bool:
    """Whether the portal was asked for. It is asked for once."""
    config = board.flash(identity.NAMESPACE)
    wanted = bool(read_cell(config, identity.PORTAL))
    if wanted:
        erase(config, identity.PORTAL)
    return wanted


def is_configured(board: "Board") -> bool:
    """Whether the board knows a Wi-Fi and a server, or cannot be told of them in a portal."""
    told = board.configured()
    return bool(told.wifi and told.server) or not told.has_portal
