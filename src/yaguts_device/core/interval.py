"""How much fell of a dose, at least and at most."""

from yaguts_device.core import dose_machine

_ANYTHING_FELL = (dose_machine.CORRUPTED, dose_machine.REPEATED, dose_machine.STUCK)
"""Anything from nothing to the whole dose may have fallen: its cell is lost, or the relay stuck."""
_MAYBE_NOTHING_FELL = (dose_machine.NO_FLOW, dose_machine.NO_DRIVER, dose_machine.MOTOR)
"""The relay was on, but the fault puts in doubt whether anything fell."""

STOPPED_DOUBT_MS = 10
"""For a pulse that was ended early: its rest is read from another clock, in whole ms."""


def widest_doubt_ms(dose: dose_machine.DoseState, restarts: int) -> int:
    """How much of `permitted_ms` may not have been poured after so many restarts."""
    return restarts * (dose.slice_ms + dose_machine.lead_ms(dose))


def interval_mg(
    dose: dose_machine.DoseState, quantity_mg: int, in_doubt_ms: "int | None" = None
) -> "tuple[int, int]":
    """How many mg fell at least and at most. `in_doubt_ms`: None for the widest doubt."""
    if dose.reason in _ANYTHING_FELL:
        return 0, quantity_mg
    if not dose.permitted_ms:
        return 0, 0
    at_most = -(-quantity_mg * dose.permitted_ms // dose.target_ms)
    if dose.reason in _MAYBE_NOTHING_FELL:
        return 0, at_most
    if in_doubt_ms is None:
        in_doubt_ms = widest_doubt_ms(dose, dose.restarts)
    if dose.reason in (dose_machine.CANCELLED, dose_machine.STOPPED_HERE):
        in_doubt_ms += STOPPED_DOUBT_MS
    surely_ms = max(0, dose.permitted_ms - in_doubt_ms)
    return quantity_mg * surely_ms // dose.target_ms, at_most
