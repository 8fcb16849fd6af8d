"""The factory reset: erase Wi-Fi, token and journal.

The key `reset` says that it has begun. After a power cut the next boot finishes it.
"""

from yaguts_device.journal import identity, journal

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board, Flash

HELD_MS = 5_000
"""How long the button must be held while the board starts."""
CHECK_EVERY_MS = 250
_BEGUN = "reset"


async def reset_if_asked(board: "Board") -> None:
    """Forget everything if the button is held for `HELD_MS`. Returns when it is released."""
    if _is_begun(board.flash(identity.NAMESPACE)):
        forget_everything(board)
    held_ms = 0
    while board.button():
        if held_ms >= HELD_MS:
            forget_everything(board)
            board.reset()
        await board.sleep_ms(CHECK_EVERY_MS)
        held_ms += CHECK_EVERY_MS


def forget_everything(board: "Board") -> None:
    """Erase the journal, the token and the Wi-Fi, and keep the wiring."""
    config = board.flash(identity.NAMESPACE)
    config.set_i32(_BEGUN, 1)
    config.commit()
    board.forget_network()
    for module in (journal, identity):
        flash = board.flash(module.NAMESPACE)
        for key in module.all_keys():
            _erase(flash, key)
    _erase(config, _BEGUN)
    board.log("factory reset done")


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
