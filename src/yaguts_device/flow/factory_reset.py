"""Back to how the board left the factory: no Wi-Fi, no owner, no job. Once begun it is finished.

A power cut in between leaves a mark, and the next boot goes on from there.
"""

from yaguts_device.journal import identity, journal

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board, Flash

HELD_MS = 5_000
"""So long the button must be held while the board starts: nobody does that by mistake."""
LOOK_EVERY_MS = 250
_BEGUN = "reset"


async def reset_if_asked(board: "Board") -> None:
    """Return at once when nobody holds the button; else forget everything, or be let go first."""
    if _is_begun(board.flash(identity.NAMESPACE)):
        forget_everything(board)
    held_ms = 0
    while board.button():
        if held_ms >= HELD_MS:
            forget_everything(board)
            board.reset()
        await board.sleep_ms(LOOK_EVERY_MS)
        held_ms += LOOK_EVERY_MS


def forget_everything(board: "Board") -> None:
    """Erase the journal, the token and the Wi-Fi. What the board is wired to stays."""
    mark = board.flash(identity.NAMESPACE)
    mark.set_i32(_BEGUN, 1)
    mark.commit()
    board.forget_network()
    for part in (journal, identity):
        flash = board.flash(part.NAMESPACE)
        for key in part.all_keys():
            _erase(flash, key)
    _erase(mark, _BEGUN)
    board.log("as it left the factory")


def _is_begun(flash: "Flash") -> bool:
    try:
        return flash.get_i32(_BEGUN) == 1
    except OSError:  # not there
        return False


def _erase(flash: "Flash", key: str) -> None:
    try:
        flash.erase_key(key)
        flash.commit()
    except OSError:  # not there
        pass
