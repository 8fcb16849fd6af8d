"""What a job that has ended left undone, as far as it is known."""

from yaguts.domain.jobs.job import FINAL, FOR_A_DISH, Dose, DoseStatus, Failure, Job
from yaguts.domain.units import Milligrams

_NOBODY_KNOWS = frozenset({Failure.UNCONFIRMED, Failure.NO_REPORT, Failure.RESTORED})


def surely_missing(job: Job) -> tuple[tuple[Dose, Milligrams], ...]:
    """Each dose that lacks something, and how much surely did not fall.

    A dose without a report may have fallen whole, so nothing is surely missing. Waste is never
    missing.
    """
    if job.state not in FINAL or job.kind not in FOR_A_DISH:
        return ()
    undone = [dose for dose in job.doses if dose.status != DoseStatus.DONE]
    lacks = [(dose, _missing_amount(dose)) for dose in undone if dose.failure not in _NOBODY_KNOWS]
    return tuple((dose, amount) for dose, amount in lacks if amount > 0)


def _missing_amount(dose: Dose) -> Milligrams:
    return Milligrams(dose.quantity - (dose.fell_at_most_mg or 0))
