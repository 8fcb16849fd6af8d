"""One dose from the first permission to its end: the states, the events and what each does.

    waiting ──permit──▶ pouring ──permit──▶ pouring ──ended──▶ done
       └─────stop─────────▶ failed ◀──stop───┘ └─restart─▶ pouring, done or failed

PERMIT lets the relay be on for one more slice. The journal has the permission before the relay
uses it, so `permitted_ms` bounds from above what fell. Pure: `advance` takes a dose and gives the
dose after the event.
"""

from collections import namedtuple

WAITING, POURING, DONE, FAILED = STATES = range(4)
PERMIT, ENDED, STOP, RESTART = EVENTS = range(4)

# Why a dose failed. The codes are stored in the journal: never renumber them.
(
    NO_REASON,
    NO_FLOW,
    STUCK,
    NO_DRIVER,
    INTERRUPTED,
    CANCELLED,
    TOO_LONG,
    CORRUPTED,
    MOTOR,
    EXPIRED,
    REPEATED,
    NOT_POSSIBLE,
    STOPPED_HERE,
) = REASONS = range(13)

MAX_RESTARTS = 3
"""So many restarts within one dose end it: a failing supply must not "finish" an empty jar."""

SLICE_MS = 500
SHORTEST_SLICE_MS = 100
SLICE_WORTH_MG = 500
LEAD_MS = 200

DoseState = namedtuple(
    "Dose", ("target_ms", "slice_ms", "permitted_ms", "restarts", "state", "reason")
)


class Impossible(Exception):
    """An event that cannot happen in this state: a bug in the firmware."""


def new_dose(quantity_mg: int, duration_ms: int) -> DoseState:
    """A dose of which nothing has been permitted yet."""
    return DoseState(duration_ms, slice_ms(quantity_mg, duration_ms), 0, 0, WAITING, NO_REASON)


def slice_ms(quantity_mg: int, duration_ms: int) -> int:
    """The length of a slice: `SLICE_MS`, or less where `SLICE_WORTH_MG` falls sooner."""
    if quantity_mg * SLICE_MS <= SLICE_WORTH_MG * duration_ms:
        return SLICE_MS
    return max(SHORTEST_SLICE_MS, SLICE_WORTH_MG * duration_ms // quantity_mg)


def lead_ms(dose: DoseState) -> int:
    """How long before the end of a slice the next one is permitted. It avoids a gap."""
    return min(LEAD_MS, dose.slice_ms // 2)


def is_over(dose: DoseState) -> bool:
    """Whether nothing will ever be poured for this dose again."""
    return dose.state in (DONE, FAILED)


def is_all_permitted(dose: DoseState) -> bool:
    """Whether all of it has been permitted."""
    return dose.permitted_ms >= dose.target_ms


def advance(dose: DoseState, event: int, reason: int = NO_REASON, unused_ms: int = 0) -> DoseState:
    """The dose after the event. `Impossible` when the state does not allow the event.

    `reason` and `unused_ms` belong to STOP. `unused_ms` is how much of `permitted_ms` the relay
    surely did not use.
    """
    return TABLE[dose.state, event](dose, reason, unused_ms)


def _permit(dose: DoseState, _reason: int, _unused_ms: int) -> DoseState:
    if is_all_permitted(dose):
        raise Impossible("permission beyond the target")
    permitted_ms = min(dose.target_ms, dose.permitted_ms + dose.slice_ms)
    return _changed(dose, permitted_ms, dose.restarts, POURING)


def _end(dose: DoseState, _reason: int, _unused_ms: int) -> DoseState:
    if not is_all_permitted(dose):
        raise Impossible("end before the target")
    return _changed(dose, dose.permitted_ms, dose.restarts, DONE)


def _stop(dose: DoseState, reason: int, unused_ms: int) -> DoseState:
    if not reason or not 0 <= unused_ms <= dose.permitted_ms:
        raise Impossible("stop without a reason, or with more left than there was")
    return _changed(dose, dose.permitted_ms - unused_ms, dose.restarts, FAILED, reason)


def _resume(dose: DoseState, _reason: int, _unused_ms: int) -> DoseState:
    """After a boot every permitted slice counts as dispensed."""
    restarts = dose.restarts + 1
    if restarts >= MAX_RESTARTS:
        return _changed(dose, dose.permitted_ms, MAX_RESTARTS, FAILED, INTERRUPTED)
    return _changed(dose, dose.permitted_ms, restarts, DONE if is_all_permitted(dose) else POURING)


def _keep(dose: DoseState, _reason: int, _unused_ms: int) -> DoseState:
    return dose


def _refuse(dose: DoseState, _reason: int, _unused_ms: int) -> DoseState:
    raise Impossible("no such event now", dose.state)


def _changed(
    dose: DoseState, permitted_ms: int, restarts: int, state: int, reason: int = NO_REASON
) -> DoseState:
    return DoseState(dose.target_ms, dose.slice_ms, permitted_ms, restarts, state, reason)


TABLE = {
    (WAITING, PERMIT): _permit,
    (WAITING, ENDED): _refuse,
    (WAITING, STOP): _stop,
    (WAITING, RESTART): _keep,
    (POURING, PERMIT): _permit,
    (POURING, ENDED): _end,
    (POURING, STOP): _stop,
    (POURING, RESTART): _resume,
    (DONE, PERMIT): _refuse,
    (DONE, ENDED): _refuse,
    (DONE, STOP): _refuse,
    (DONE, RESTART): _keep,
    (FAILED, PERMIT): _refuse,
    (FAILED, ENDED): _refuse,
    (FAILED, STOP): _refuse,
    (FAILED, RESTART): _keep,
}
