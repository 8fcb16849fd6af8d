"""What a crash says of a firmware that is untried."""

from yaguts_device.journal.cells import read_cell, write_cell
from yaguts_device.update import NAMESPACE

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board

MOST_TRIES = 3
"""So often the loader starts an untried firmware that does not come through."""


def has_failed_untried(board: "Board", holds_job: bool) -> bool:
    """Whether the firmware that just crashed is untried: the loader counts its starts.

    Over a job one crash is enough: the firmware before goes on with it.
    """
    cells = board.flash(NAMESPACE)
    if not read_cell(cells, "untried"):
        return False
    if holds_job:
        write_cell(cells, "tries", MOST_TRIES)
    return True
