"""Forgetting: a factory reset erases Wi-Fi, token and journal; a copied flash, token and journal.

A factory reset notes in the cell `reset` that it has begun. The cell `board` holds a fingerprint of
the board's name; it is erased last. So after a power cut the next boot finishes either.
"""

from binascii import crc32

from yaguts_device.core.journal_format import MAX_NUMBER, pack_flag, unpack_flag
from yaguts_device.journal import identity
from yaguts_device.journal.cells import erase, read_cell, write_cell

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board

HELD_MS = 5_000
"""How long the button must be held while the board starts."""
CHECK_EVERY_MS = 250
_BOARD_KIND = 3


async def reset_if_asked(board: "Board") -> None:
    """Forget everything if the button is held for `HELD_MS`. Returns when it is released."""
    if read_cell(board.flash(identity.NAMESPACE), "reset"):
        forget_everything(board)
    held_ms = 0
    while is_held(board):
        if held_ms >= HELD_MS:
            forget_everything(board)
            board.reset()
        await board.sleep_ms(CHECK_EVERY_MS)
        held_ms += CHECK_EVERY_MS


def is_held(board: "Board") -> bool:
    """Whether somebody holds the button."""
    try:
        return board.button()
    except OSError:  # a button that cannot be read is held by nobody
        return False


def forget_everything(board: "Board") -> None:
    """Erase the journal, the token and the Wi-Fi, and keep the wiring."""
    config = board.flash(identity.NAMESPACE)
    write_cell(config, "reset", 1)
    board.forget_network()
    _erase_all(board)
    erase(config, "reset")
    board.log("factory reset done")


def forget_if_copied(board: "Board") -> None:
    """Forget token and journal if the flash was copied from another board.

    Otherwise both would pour the same job. The Wi-Fi and the server stay: whoever has the copy has
    them anyway, and the board can be paired at once. A flash without a fingerprint adopts its
    board.
    """
    config = board.flash(identity.NAMESPACE)
    mine = pack_flag(crc32(board.uid.encode()) & MAX_NUMBER, _BOARD_KIND)
    known = read_cell(config, "board") or 0
    if known == mine:
        return
    if unpack_flag(known, _BOARD_KIND):  # a damaged one says nothing
        board.log("this flash is another board's: its token and its journal are forgotten")
        _erase_all(board)
    try:
        write_cell(config, "board", mine)
    except OSError as error:  # the flash is full: a later boot adopts it
        board.log("not adopted: %r" % (error,))


def _erase_all(board: "Board") -> None:
    from yaguts_device.journal import identity, journal  # rarely needed, and large

    for module in (journal, identity):
        flash = board.flash(module.NAMESPACE)
        for key in module.all_keys():
            erase(flash, key)
