"""Calibrate a jar: order runs, type what the scale says until they agree, accept the rate."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.dispenser import Dispenser
from yaguts.domain.errors import NotFound, NotPossibleNow, TooFewRuns, UnlabelledJar
from yaguts.domain.ids import KitchenId
from yaguts.domain.jobs.job import FINAL, Job, JobKind, JobState
from yaguts.domain.jobs.maintenance import calibration_run, jar_numbered
from yaguts.domain.jobs.ownership import of_kitchen
from yaguts.domain.jobs.planning import Planned
from yaguts.domain.people import Actor
from yaguts.domain.recipe import Jar, same_spice
from yaguts.domain.stock import calibration
from yaguts.domain.stock.calibration import ENOUGH, Fit
from yaguts.domain.stock.ledger import Movement, MovementKind, MovementReason
from yaguts.domain.units import Milligrams, Milliseconds
from yaguts.services import audit_log
from yaguts.services.jobs.enqueue import Order, enqueue, tell
from yaguts.services.runtime.announce import announce
from yaguts.services.runtime.context import Site
from yaguts.storage import calibration as runs
from yaguts.storage import dispensers, jars, jobs, ledger
from yaguts.storage.calibration import StoredRun
from yaguts.storage.db.database import Connection


@dataclass(frozen=True, slots=True)
class OrderedRun:
    """A run of the jar: its job, and the weight that somebody typed."""

    job: Job
    weight: Milligrams | None

    @property
    def duration(self) -> Milliseconds:
        """How long the jar was to be open."""
        return self.job.doses[0].duration

    @property
    def ended(self) -> bool:
        """Whether the dispenser has ended it."""
        return self.job.state in FINAL

    @property
    def sound(self) -> bool:
        """Whether the jar was open for exactly that time, so that the run tells the rate."""
        return self.job.state == JobState.DONE and not self.job.doses[0].resumes

    @property
    def measured(self) -> calibration.Run | None:
        """The run as the calibration counts it, or None."""
        if self.weight is None or not self.sound:
            return None
        return calibration.Run(self.duration, self.weight)

    @property
    def to_weigh(self) -> bool:
        """Whether something has fallen that nobody has weighed."""
        return self.job.reported and self.weight is None


@dataclass(frozen=True, slots=True)
class Calibration:
    """The state of a jar's calibration."""

    dispenser: Dispenser
    jar: Jar
    runs: tuple[OrderedRun, ...]

    @property
    def measured(self) -> tuple[calibration.Run, ...]:
        """The runs that count."""
        return tuple(run.measured for run in self.runs if run.measured is not None)

    def expected(self, run: OrderedRun) -> Milligrams | None:
        """What should fall in the run, by the other runs, or else by the jar's rate."""
        others = [each.measured for each in self.runs if each is not run and each.measured]
        known = [calibration.rate_of(each) for each in others if each.weight]
        rate = known[0] if known else self.jar.rate
        return None if rate is None else calibration.fallen_in(run.duration, rate)

    @property
    def fit(self) -> Fit | None:
        """The rate on which they agree, once there are enough."""
        return calibration.fit(self.measured) if len(self.measured) >= ENOUGH else None

    @property
    def under_way(self) -> bool:
        """Whether a run is not over."""
        return not all(run.ended for run in self.runs)

    @property
    def ready(self) -> bool:
        """Whether another run may be ordered."""
        return not self.under_way and not any(run.to_weigh for run in self.runs)

    @property
    def next_length(self) -> Milliseconds:
        """The proposed length of the next run."""
        return calibration.next_length(len(self.measured))


def look(site: Site, kitchen_id: KitchenId, dispenser_id: int, number: int) -> Calibration:
    """The state of a jar's calibration. Raises `UnknownJar`, `UnlabelledJar`."""
    with site.database.read() as connection:
        return _look(connection, kitchen_id, dispenser_id, number)


def order_run(
    site: Site,
    kitchen_id: KitchenId,
    dispenser_id: int,
    number: int,
    duration: Milliseconds,
    by: Actor,
) -> Job:
    """Order a run of this length. It never waits in a queue.

    Raises `NotPossibleNow` while there is a run to weigh, because two could not be told apart.
    """

    def planned(jars: Sequence[Jar]) -> Planned:
        return calibration_run(jar_numbered(jars, number), duration)

    with site.database.write() as connection:
        seen = _look(connection, kitchen_id, dispenser_id, number)
        for run in seen.runs:
            if run.to_weigh:
                raise NotPossibleNow(state=run.job.state, event="next_run")
        wanted = Order(kind=JobKind.CALIBRATION, queue=False)
        enqueued = enqueue(site, connection, seen.dispenser, wanted, planned, by)
        counted = seen.jar.stock is not None
        runs.add(connection, StoredRun(enqueued.job.id, dispenser_id, number, counted))
    return tell(site, enqueued)


def weigh(
    site: Site, kitchen_id: KitchenId, job_id: int, weight: Milligrams, by: Actor
) -> Calibration:
    """Store what fell in a reported run, and charge the jar.

    Another weight later is a correction. Raises `NotPossibleNow` before the report.
    """
    now = site.clock()
    with site.database.write() as connection:
        run, job = _take(connection, kitchen_id, job_id)
        if not job.reported:
            raise NotPossibleNow(state=job.state, event="weighed")
        if run.weight is None:
            job = _fell(connection, job, weight)
            fallen = Movement(
                run.jar,
                MovementKind.WASTE,
                Milligrams(-weight),
                MovementReason.CALIBRATED,
                job_id,
                1,
            )
            ledger.weigh_fallen(connection, run.dispenser_id, fallen, now, counted=run.counted)
        elif weight != run.weight:
            difference = Milligrams(run.weight - weight)
            mended = Movement(run.jar, MovementKind.CORRECTION, difference, MovementReason.WEIGHED)
            ledger.book(connection, run.dispenser_id, [mended], now, by.person_id)
        runs.weigh(connection, job_id, weight)
        seen = _look(connection, kitchen_id, run.dispenser_id, run.jar)
    announce(site, job)
    return seen


def put_aside(site: Site, kitchen_id: KitchenId, job_id: int) -> Calibration:
    """Put an ended run aside, to repeat it. What fell stays booked."""
    with site.database.write() as connection:
        run, job = _take(connection, kitchen_id, job_id)
        if job.state not in FINAL:
            raise NotPossibleNow(state=job.state, event="put aside")
        runs.end(connection, [job_id])
        return _look(connection, kitchen_id, run.dispenser_id, run.jar)


def accept(site: Site, kitchen_id: KitchenId, dispenser_id: int, number: int, by: Actor) -> Jar:
    """Set the jar's rate to the one on which its runs agree, and end the calibration.

    Raises `TooFewRuns`, or `NotPossibleNow` while a run is not over or not weighed.
    """
    with site.database.write() as connection:
        seen = _look(connection, kitchen_id, dispenser_id, number)
        if not seen.ready:
            raise NotPossibleNow(state=seen.runs[-1].job.state, event="next_run")
        if seen.fit is None:
            raise TooFewRuns(least=ENOUGH)
        rate = {"rate_ug_s": seen.fit.rate}
        jars.change(connection, dispenser_id, number, rate, site.clock())
        runs.end(connection, [run.job.id for run in seen.runs])
        about = {"dispenser": dispenser_id, "jar": number}
        audit_log.note(site, connection, AuditEvent.CONFIGURED, kitchen_id, by, **about)
        return jar_numbered(dispensers.jars_of(connection, dispenser_id), number)


def _look(
    connection: Connection, kitchen_id: KitchenId, dispenser_id: int, number: int
) -> Calibration:
    dispenser = dispensers.find(connection, kitchen_id, dispenser_id)
    jar = jar_numbered(dispensers.jars_of(connection, dispenser_id), number)
    if jar.label is None:
        raise UnlabelledJar(jar=number)
    found = runs.unfinished(connection, dispenser_id, number)
    all_runs = [OrderedRun(jobs.find(connection, run.job_id), run.weight) for run in found]
    # A run with another spice tells nothing of this one.
    its = [run for run in all_runs if same_spice(run.job.doses[0].spice, jar.label)]
    return Calibration(dispenser, jar, tuple(its))


def _take(connection: Connection, kitchen_id: KitchenId, job_id: int) -> tuple[StoredRun, Job]:
    run, job = runs.find_for_update(connection, job_id), jobs.find_for_update(connection, job_id)
    of_kitchen(job, kitchen_id, "run")
    if run.over:
        raise NotFound(what="run")
    return run, job


def _fell(connection: Connection, job: Job, weight: Milligrams) -> Job:
    dose = replace(job.doses[0], fell_at_most_mg=weight, fell_at_least_mg=weight)
    after = replace(job, doses=(dose,), version=job.version + 1)
    jobs.store(connection, job, after)
    return after
