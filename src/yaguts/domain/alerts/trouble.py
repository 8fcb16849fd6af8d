"""What is in trouble. Each function looks at one subject and returns its trouble, or None."""

from datetime import datetime, timedelta

from yaguts.domain.alerts.kinds import AlertFacts, AlertKind, Trouble
from yaguts.domain.clock import age, lately
from yaguts.domain.dispenser import Dispenser
from yaguts.domain.firmware.release import Release
from yaguts.domain.firmware.rollout import HaltReason
from yaguts.domain.jobs.job import Job, JobKind, JobState
from yaguts.domain.stock.levels import Level

BACKUP_LIFE = timedelta(hours=50)
"""Two days and a little: a daily backup may fail once."""
LEAST_FREE = 500_000_000
"""A disk with fewer free bytes is nearly full."""
LEAST_FREE_PERCENT = 5
"""So is a disk with a smaller part of it free, if that is less than `PLENTY`."""
PLENTY = 5_000_000_000
WELL_AGAIN = 1.25
"""A disk is well again when so many times the least is free. Otherwise it would be told of often
while its free space wavers."""
PARTLY, WHOLLY = 0, 1
LOW, EMPTY = 0, 1
SERVER = "server"
"""The subject of what is about the server itself."""
_BAD = {JobState.DONE_PARTIAL: PARTLY, JobState.FAILED: WHOLLY}


def silent(
    dispenser: Dispenser, awake_since: datetime, patience: timedelta, now: datetime
) -> Trouble | None:
    """A paired dispenser that was not heard of for so long, while the server listened.

    Whether one is silent that has no board, or whose sign of life is from the future, nobody knows.
    """
    seen = dispenser.last_seen_at
    silence = None if seen is None or not dispenser.paired else age(seen, now)
    if silence is not None and silence < patience:
        return None
    listened = age(awake_since, now)
    sure = silence is not None and listened is not None and listened >= patience
    since = None if seen is None else int(seen.timestamp())
    facts = dispenser_facts(dispenser) | {"since": since}
    return Trouble(AlertKind.DISPENSER_SILENT, f"dispenser {dispenser.id}", facts, lingers=not sure)


def ended_badly(job: Job) -> bool:
    """Whether a job failed or left something undone. One that somebody cancelled did not."""
    return job.state in _BAD


def failed(job: Job, recipe: str | None, dispenser: Dispenser) -> Trouble:
    """The trouble of a job that ended badly. `recipe`: its name, if it still exists."""
    facts = job_facts(job, recipe, dispenser)
    return Trouble(AlertKind.JOB_FAILED, job_subject(job.id), facts, _BAD[job.state])


def job_facts(job: Job, recipe: str | None, dispenser: Dispenser) -> AlertFacts:
    """What is told of a job that ended. `recipe`: its name, if it still exists."""
    dose = job.doses[0]
    return dispenser_facts(dispenser) | {
        "job": job.id,
        "job_kind": job.kind,
        "what": recipe if job.kind == JobKind.RECIPE else dose.spice,
        "jar": dose.jar,
        "state": job.state,
        "failure": job.failure,
    }


def job_subject(job_id: int) -> str:
    """How a job is called among the subjects."""
    return f"job {job_id}"


def low(dispenser: Dispenser, level: Level) -> Trouble | None:
    """A jar that should be refilled. An empty one is worse than a low one.

    Whether one is low that holds no spice, or nobody knows how much of it, nobody knows.
    """
    jar = level.jar
    known = jar.label is not None and jar.stock is not None
    if known and not level.low:
        return None
    facts: AlertFacts = dispenser_facts(dispenser) | {
        "jar": jar.number,
        "spice": jar.label,
        "left_mg": max(0, jar.stock or 0),
        "days": level.days_left,
    }
    grade = EMPTY if not jar.stock or jar.stock < 0 else LOW
    subject = f"jar {dispenser.id}.{jar.number}"
    return Trouble(AlertKind.JAR_LOW, subject, facts, grade, lingers=not known)


def old_backup(last: datetime | None, now: datetime) -> Trouble | None:
    """A backup that is too old, or that was never made."""
    if last in lately(now, BACKUP_LIFE):
        return None
    at = None if last is None else int(last.timestamp())
    return Trouble(AlertKind.BACKUP_OLD, SERVER, {"last": at})


def full_disk(free: int, total: int) -> Trouble | None:
    """A disk with few free bytes, of so many in all."""
    least = max(LEAST_FREE, min(PLENTY, total * LEAST_FREE_PERCENT // 100))
    if free >= WELL_AGAIN * least:
        return None
    facts: AlertFacts = {"free_mb": free // 1_000_000, "total_mb": total // 1_000_000}
    return Trouble(AlertKind.DISK_FULL, SERVER, facts, lingers=free >= least)


def halted(release: Release, reason: HaltReason | None) -> Trouble:
    """A release of the firmware that is offered to no board any more."""
    facts: AlertFacts = {"release": release.number, "version": release.version, "halted": reason}
    return Trouble(AlertKind.RELEASE_HALTED, f"release {release.number}", facts)


def dispenser_facts(dispenser: Dispenser) -> dict[str, int | str | None]:
    """Which dispenser it is."""
    return {"dispenser": dispenser.id, "dispenser_name": dispenser.name}
