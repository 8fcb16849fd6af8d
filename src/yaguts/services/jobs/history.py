"""What was dispensed: job by job, and spice by spice."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta

from yaguts.domain.clock import Window, age, lately
from yaguts.domain.ids import KitchenId
from yaguts.domain.jobs.job import FINAL, FOR_A_DISH, Job, JobState
from yaguts.domain.recipe import Ingredient, search_key
from yaguts.services.runtime.context import Site
from yaguts.storage import by_hand, job_texts, jobs
from yaguts_wire.values import MAX_ID

PAGE = 25
MOST = 5000
"""A file has at most this many jobs."""
AT_ONCE = 200
"""More rows at once would keep everybody else waiting for tens of milliseconds."""
WEEKS = 8
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Past:
    """A job, and what the cook added by hand because no jar held it."""

    job: Job
    by_hand: tuple[Ingredient, ...]


@dataclass(frozen=True, slots=True)
class Use:
    """How much of a spice fell in each of the last weeks, in milligrams, oldest first."""

    spice: str
    weeks: tuple[int, ...]

    @property
    def total(self) -> int:
        """The sum over the weeks."""
        return sum(self.weeks)


def past(
    site: Site,
    kitchen_id: KitchenId,
    states: Collection[JobState] = FINAL,
    before_id: int | None = None,
    most: int = PAGE,
    text: str = "",
    ordered: Window | None = None,
) -> tuple[Past, ...]:
    """The kitchen's jobs in one of the states before the job with this id, newest first.

    `text`: only those whose recipe or spices, as they were then, contain it. `ordered`: only those
    ordered then.
    """
    with site.database.read() as connection:
        such = None
        if wanted := search_key(text):
            such = job_texts.mentioning(
                connection, kitchen_id, lambda written: wanted in search_key(written)
            )
        before = before_id or MAX_ID
        found = jobs.past_of(connection, kitchen_id, states, before, most, such, ordered)
        parts = by_hand.of_several(connection, [job.id for job in found])
    return tuple(Past(job, parts[job.id]) for job in found)


def every(
    site: Site,
    kitchen_id: KitchenId,
    states: Collection[JobState],
    text: str = "",
    ordered: Window | None = None,
) -> Iterator[Past]:
    """All such jobs, at most `MOST`, newest first. Others are answered between some and some."""
    before_id, left = None, MOST
    while left > 0:
        some = past(site, kitchen_id, states, before_id, min(AT_ONCE, left), text, ordered)
        yield from some
        if len(some) < AT_ONCE:
            return
        before_id, left = some[-1].job.id, left - len(some)


def consumption(site: Site, kitchen_id: KitchenId) -> tuple[Use, ...]:
    """What fell in the last weeks, by spice, the most used first."""
    now = site.clock()
    with site.database.read() as connection:
        found = jobs.finished(connection, kitchen_id, lately(now, WEEKS * _WEEK))
    weeks: defaultdict[str, list[int]] = defaultdict(lambda: [0] * WEEKS)
    names: dict[str, str] = {}
    for job in (job for job in found if job.kind in FOR_A_DISH):
        ago = age(job.finished_at or now, now) or timedelta()
        week = WEEKS - 1 - ago // _WEEK
        for dose in job.doses:
            key = search_key(dose.spice)
            names.setdefault(key, dose.spice)
            weeks[key][max(0, week)] += dose.fell_at_most_mg or 0
    uses = [Use(names[key], tuple(amounts)) for key, amounts in weeks.items() if any(amounts)]
    return tuple(sorted(uses, key=lambda use: (-use.total, use.spice)))
