"""Cells of flash, 32 bits under a key each, and how any key is erased."""

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Flash


def read_cell(flash: "Flash", key: str) -> "int | None":
    """The value under the key; None when there is none."""
    try:
        return flash.get_i32(key)
    except OSError:  # not there
        return None


def write_cell(flash: "Flash", key: str, value: int) -> None:
    """Write the value and commit it. OSError when the flash is full."""
    flash.set_i32(key, value)
    flash.commit()


def erase(flash: "Flash", key: str) -> None:
    """Erase what is under the key, a cell or a blob. Nothing when it is not there."""
    try:
        flash.erase_key(key)
        flash.commit()
    except OSError:  # not there
        pass
