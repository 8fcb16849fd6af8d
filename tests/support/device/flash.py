"""Fill a flash up, or cut the power in the n-th write to it."""

from collections.abc import Callable

from yaguts_sim.device.flash import FlashKey, SimFlash
from yaguts_sim.faults.kinds import Torn

CUTS = (Torn.BEFORE, Torn.HALF, Torn.AFTER, Torn.GONE)


def cut_in_write(
    flash: SimFlash, number: int, torn: Torn, power_off: Callable[[], None] = lambda: None
) -> None:
    """Cut the power in the operation of this number, counted from now; later ones are whole."""
    at, before = flash.operations + number, flash.watch

    def watch(operation: str, key: FlashKey) -> Torn | None:
        if flash.operations + 1 < at:
            return before(operation, key)
        flash.watch = before
        power_off()
        return _possible(torn, flash, operation, key)

    flash.watch = watch


def leave_free(flash: SimFlash, entries: int) -> None:
    """Fill a flash up until it can take so many entries of 32 bytes."""
    for number in range(flash.layout.free_entries - entries):
        flash.put(("filler", str(number)), 0)


def _possible(torn: Torn, flash: SimFlash, operation: str, key: FlashKey) -> Torn:
    """Half a value is left only where a blob replaces a blob; a number is old or new."""
    replaced = operation == "set" and isinstance(flash.values.get(key), bytes)
    return Torn.OLD if torn is Torn.HALF and operation == "set" and not replaced else torn
