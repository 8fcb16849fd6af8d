"""The cells of NVS by which updates are tried, confirmed and left. Namespace `slot`.

The loader has `active`, `untried` and `tries`. Beside them:

    trial      the release that was last made active untried; 0 once that is settled
    silent     the same number, when it went back because no server was heard
    judged     the same number, when the slot before has started after that
    release    the highest release that was ever confirmed: none from before it is taken
    bad        a release that is not tried again
    told       what the server has not been told yet: a state and a reason, and of which release
    told_r     in `told_r`
"""

from yaguts_device.journal.cells import read_cell, write_cell
from yaguts_wire import update_words as u

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Flash
    from yaguts_wire.shapes import Message

STATES = (u.FETCHING, u.REFUSED, u.WAITING, u.UNTRIED, u.CONFIRMED, u.FELL_BACK, u.BAD)
REASONS = (
    "",
    u.NO_KEY,
    u.BAD_SIGNATURE,
    u.DOWNGRADE,
    u.EXPIRED,
    u.NO_TIME,
    u.WRONG_HARDWARE,
    u.WRONG_BYTECODE,
    u.OLD_MICROPYTHON,
    u.WRONG_SERVER,
    u.BAD_PATH,
    u.TOO_MANY,
    u.TOO_LARGE,
    u.WRONG_SIZE,
    u.WRONG_HASH,
    u.NO_ROOM,
    u.MALFORMED,
    u.CRASH,
    u.WATCHDOG,
    u.SILENCE,
)
_SHIFT = 8


def get(cells: "Flash", key: str) -> int:
    """The value of a cell; 0 when it is not there."""
    return read_cell(cells, key) or 0


def put(cells: "Flash", key: str, value: int) -> None:
    """Write a cell that does not hold the value yet: flash wears out. OSError when it is full."""
    if get(cells, key) != value:
        write_cell(cells, key, value)


def tell(cells: "Flash", state: str, release: int, reason: str = "") -> None:
    """Note what the server is to be told. What was noted before gives way."""
    put(cells, "told_r", release)
    put(cells, "told", STATES.index(state) + 1 << _SHIFT | REASONS.index(reason))


def is_to_tell(cells: "Flash", state: str, release: int) -> bool:
    """Whether the server has not been told yet that the release is in this state."""
    told = get(cells, "told") >> _SHIFT
    return get(cells, "told_r") == release and told == STATES.index(state) + 1


def untold(told: int, release: int) -> "Message":
    """The words of what the cells `told` and `told_r` hold."""
    message = {u.RELEASE: release, u.STATE: STATES[(told >> _SHIFT) - 1]}
    reason = REASONS[told & (1 << _SHIFT) - 1]
    if reason:
        message[u.REASON] = reason
    return message
