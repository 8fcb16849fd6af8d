"""Bugs planted in what the server makes of time."""

# pyright: basic, reportPrivateUsage=false

from datetime import UTC, datetime
from typing import Any

from yaguts.domain import clock
from yaguts.domain import dispenser as dispenser_domain
from yaguts.domain.jobs import deadlines
from yaguts.domain.jobs import job as jobs_domain
from yaguts.services.delivery import expiry, handover
from yaguts.services.dispensers import last_seen
from yaguts.services.ops import clock_put_right
from yaguts.services.people import sessions
from yaguts.services.runtime import lived_through
from yaguts_sim.faults.kinds import FaultKind
from yaguts_sim.mutants.mutant import Mutant, Replaced

_EVER = datetime.max.replace(tzinfo=UTC)


def _time_to_live_ignored() -> list[Replaced]:
    def overdue(job: Any, now: Any, life: Any) -> Any:
        return None if job.state in jobs_domain.WAITING else deadlines.overdue(job, now, life)

    return [(handover, "in_time", lambda _job, _now, _life: True), (expiry, "overdue", overdue)]


def _silent_job_stays() -> list[Replaced]:
    return [(expiry, "overdue", lambda _job, _now, _life: None)]


def _any_deadline_counts() -> list[Replaced]:
    return [(deadlines, "ahead", lambda now, _life: clock.Window(now, _EVER))]


def _silence_from_the_future() -> list[Replaced]:
    return [(expiry, "heard_in_the_future", lambda _job, _now: False)]


def _seen_in_the_future() -> list[Replaced]:
    def lately(now: Any, within: Any) -> Any:
        return clock.Window(now - within, _EVER)

    return [
        (dispenser_domain, "lately", lately),
        (last_seen, "lately", lately),
        (clock_put_right, "latest_seen", lambda _now: _EVER),
    ]


def _used_in_the_future() -> list[Replaced]:
    def idle(session: Any, now: Any) -> Any:
        unused = clock.age(session.last_seen_at, now)
        return sessions.LONGEST_IDLE if unused is None else unused

    return [(sessions, "_idle", idle)]


def _old_by_the_clock() -> list[Replaced]:
    return [(lived_through, "followed", lambda _lived, now, _passed: now)]


CLOCK_MUTANTS = {
    "time to live ignored": Mutant(
        "a job from long ago may start",
        ("I4",),
        400,
        _time_to_live_ignored,
        {FaultKind.WIFI_DOWN: 0.95},
    ),
    "silent job stays": Mutant(
        "a job that nobody reports never ends",
        ("I8",),
        200,
        _silent_job_stays,
        {FaultKind.FACTORY_RESET: 0.9},
    ),
    "any deadline counts": Mutant(
        "a time to live that a clock ahead has set lasts until then",
        ("I4",),
        400,
        _any_deadline_counts,
        {FaultKind.SERVER_CLOCK: 0.95, FaultKind.LONG_OUTAGE: 0.95},
    ),
    "silence from the future": Mutant(
        "a job that was heard of while the clock was ahead waits until then",
        ("I8",),
        400,
        _silence_from_the_future,
        {FaultKind.SERVER_CLOCK: 0.95, FaultKind.FACTORY_RESET: 0.95},
        rare_before=130,
    ),
    "seen in the future": Mutant(
        "a dispenser that called while the clock was ahead is online until then",
        ("I8",),
        400,
        _seen_in_the_future,
        {FaultKind.SERVER_CLOCK: 0.95, FaultKind.LONG_OUTAGE: 0.95},
    ),
    "used in the future": Mutant(
        "a session that was used while the clock was ahead is refused until then",
        ("I8",),
        200,
        _used_in_the_future,
        {FaultKind.SERVER_CLOCK: 0.95},
    ),
    "old by the clock": Mutant(
        "a clock that jumps ahead makes everything old enough to be removed",
        ("I8",),
        100,
        _old_by_the_clock,
        {FaultKind.SERVER_CLOCK: 0.95},
    ),
}
