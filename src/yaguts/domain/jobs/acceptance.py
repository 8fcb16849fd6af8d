"""An acceptance is bound to the board that journaled the offer.

The board draws a number when it writes the offer, and sends it with the acceptance. Two boards with
a copy of one flash draw two numbers, so that one of them may start. Older firmware sends none.
"""

from dataclasses import replace
from datetime import datetime

from yaguts.domain.errors import NotPossibleNow
from yaguts.domain.jobs.job import Job, JobEvent, advance


def accepted(job: Job, number: int | None, now: datetime) -> Job:
    """The job after an acceptance with this number. A repeat of it changes nothing.

    Raises `NotPossibleNow`, also when the job was accepted with another number, or one of the two
    acceptances has none.
    """
    started, _ = advance(job, JobEvent.ACCEPTED, now)
    if started is not job:
        return replace(started, acceptance=number)
    if number != job.acceptance:
        raise NotPossibleNow(state=job.state, event=JobEvent.ACCEPTED)
    return job
