"""The jars of a job of which nothing came out, until somebody has looked after them."""

from yaguts.domain.jobs.job import FINAL
from yaguts.services.jobs.watch import Watched
from yaguts.translations.jar_faults import FAULTS
from yaguts.web.views.job_progress import DoseView, doses
from yaguts_wire import words as w


def troubles(seen: Watched) -> list[DoseView]:
    """Their doses. What was booked of a jar after the job has settled its trouble."""
    job = seen.job
    if job.state not in FINAL or job.finished_at is None:
        return []
    dry = [one for one in doses(job, {}, seen.levels) if one.fault == FAULTS[w.NO_FLOW]]
    return [one for one in dry if one.level is not None and not _looked_after(one, seen)]


def _looked_after(dose: DoseView, seen: Watched) -> bool:
    assert dose.level is not None
    changed, ended = dose.level.jar.updated_at, seen.job.finished_at
    return changed is not None and ended is not None and changed > ended
