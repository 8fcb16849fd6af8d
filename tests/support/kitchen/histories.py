"""Random histories of a kitchen, with the books gone through after every step.

Two dispensers of one owner; orders, offers, acceptances, reports (late, repeated, contradictory,
foreign, nonsensical), cancels, refills, weighings, expiry and restarts, in any order. What must be
in the jars is reckoned here from what was poured in and reported, not from what the server thinks.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule

from tests.support.builders import SPICES, a_reported_dose, report_of
from tests.support.kitchen.callers import caller
from tests.support.kitchen.household import StoppedClock
from yaguts.domain.errors import (
    Busy,
    NothingMissing,
    NotPlannable,
    NotPossibleNow,
    NotYours,
    QueueFull,
)
from yaguts.domain.jobs.deadlines import overdue
from yaguts.domain.jobs.job import FINAL, IN_HAND, Dose, DoseStatus, Job, JobState
from yaguts.domain.jobs.queue import first_of_each_dispenser, queue_of
from yaguts.domain.jobs.report import Report, ReportedDose
from yaguts.domain.people import Actor
from yaguts.domain.recipe import Ingredient, Recipe
from yaguts.domain.units import Milligrams
from yaguts.services.delivery import expiry, handover, orphan_reports, reports
from yaguts.services.dispensers import settings as dispenser_settings
from yaguts.services.jobs import orders
from yaguts.services.ops import epochs
from yaguts.services.ops.ledger_check import check_ledger
from yaguts.services.pantry import configuration, stock
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.hub import Hub
from yaguts.settings import Settings
from yaguts.storage import dispensers as dispenser_rows
from yaguts.storage import jars as jar_rows
from yaguts.storage import jobs as job_rows
from yaguts.storage import ledger, people, recipes
from yaguts.storage.db.database import Database

FULL = Milligrams(100_000)
RECIPES = (
    {"Sal": 4500, "Pimenta": 1500},
    {"Sal": 30_000},
    {"Orégano": 100, "Cominho": 2000, "Sal": 1000, "sal ": 500},
)
OWNER, HERE, THERE = 1, 1, 2
JARS = [(dispenser, number) for dispenser in (HERE, THERE) for number in (1, 2, 3, 4)]
EVERY_STATE = tuple(JobState)

dispenser_ids = st.sampled_from([HERE, HERE, HERE, THERE])
jar_numbers = st.integers(1, 4)
amounts = st.integers(1, 60_000)
queueing = st.sampled_from([None, True, True, False])


def furnish(database: Database) -> None:
    """Person 1 has dispensers 1 and 2, each with four full jars that pour 1 g/s, and recipes."""
    clock = StoppedClock()
    with database.write() as connection:
        owner = people.add(connection, "Ana", "a hash", clock())
        for default in (True, False):
            dispenser = dispenser_rows.add(connection, owner.id, default=default)
            board = f"board {dispenser.id}"
            dispenser_rows.pair(connection, dispenser.id, board, f"hash of {board}", clock())
            for number, spice in enumerate(SPICES[:4], start=1):
                columns = {"label": spice, "rate_ug_s": 1_000_000}
                jar_rows.change(connection, dispenser.id, number, columns, clock())
                ledger.correct(connection, dispenser.id, number, FULL, clock(), owner.id)
        for parts in RECIPES:
            ingredients = tuple(Ingredient(name, Milligrams(mg)) for name, mg in parts.items())
            wanted = Recipe("Arroz", 1, ingredients, kitchen_id=owner.id)
            recipes.add(connection, wanted, clock())


@dataclass
class Told:
    """What a dispenser says of an item, and what must be charged for it."""

    entry: ReportedDose | None
    charged: int


class Histories(RuleBasedStateMachine):
    """`fresh()` gives the address of a furnished database."""

    known = Bundle("known")

    def __init__(self, fresh: Callable[[], str]) -> None:
        super().__init__()
        self.url = fresh()
        self.clock = StoppedClock()
        self.random = Random(0)
        self.stock: dict[tuple[int, int], int] = dict.fromkeys(JARS, FULL)
        self.unknown: set[tuple[int, int]] = set()
        self.booked: dict[int, Job] = {}
        self.ended: set[int] = set()
        self.start()

    def start(self) -> None:
        settings = Settings(self.url, "a secret", "open")
        database = Database(self.url)
        self.site = Site(database, self.clock, self.random.randbytes, Hub(), settings)

    def teardown(self) -> None:
        self.site.database.close()

    # People

    @rule(target=known, recipe=st.integers(1, 3), people=st.integers(1, 3), queue=queueing)
    def order(self, recipe: int, people: int, queue: bool | None) -> Any:
        wanted = orders.Order(recipe, people, queue=queue)
        return self.ordered(lambda: orders.order(self.site, OWNER, wanted, by=Actor(OWNER)))

    @rule(target=known, before=known)
    def order_what_is_missing(self, before: int) -> Any:
        return self.ordered(lambda: orders.order_missing(self.site, OWNER, before, by=Actor(OWNER)))

    def ordered(self, place: Callable[[], Job]) -> Any:
        try:
            return place().id
        except (Busy, QueueFull, NotPlannable, NothingMissing):
            return multiple()

    @rule(job_id=known)
    def cancel(self, job_id: int) -> None:
        orders.cancel(self.site, OWNER, job_id, by=Actor(OWNER))

    @rule()
    def cancel_active(self) -> None:
        orders.cancel_active(self.site, OWNER, by=Actor(OWNER))

    @rule(dispenser_id=dispenser_ids, jar=jar_numbers, amount=amounts)
    def refill(self, dispenser_id: int, jar: int, amount: int) -> None:
        stock.refill(self.site, OWNER, dispenser_id, jar, Milligrams(amount), by=Actor(OWNER))
        self.stock[dispenser_id, jar] += amount

    @rule(dispenser_id=dispenser_ids, jar=jar_numbers, amount=amounts)
    def throw_away(self, dispenser_id: int, jar: int, amount: int) -> None:
        stock.throw_away(self.site, OWNER, dispenser_id, jar, Milligrams(amount), by=Actor(OWNER))
        self.stock[dispenser_id, jar] -= amount

    @rule(dispenser_id=dispenser_ids, jar=jar_numbers, amount=st.none() | amounts)
    def weigh(self, dispenser_id: int, jar: int, amount: int | None) -> None:
        weight = None if amount is None else Milligrams(amount)
        change = configuration.JarChange(stock=weight)
        configuration.set_jars(self.site, OWNER, [(jar, change)], Actor(OWNER), dispenser_id)
        self.unknown.discard((dispenser_id, jar))
        if amount is None:
            self.unknown.add((dispenser_id, jar))
        else:
            self.stock[dispenser_id, jar] = amount

    @rule(dispenser_id=dispenser_ids)
    def choose(self, dispenser_id: int) -> None:
        dispenser_settings.make_default(self.site, OWNER, dispenser_id, by=Actor(OWNER))

    @rule(dispenser_id=dispenser_ids, queues=st.booleans())
    def let_orders_queue(self, dispenser_id: int, queues: bool) -> None:
        dispenser_settings.configure(
            self.site, OWNER, dispenser_id, {"queues": queues}, by=Actor(OWNER)
        )

    # Dispensers

    @rule(dispenser_id=dispenser_ids)
    def poll_as_0_1(self, dispenser_id: int) -> None:
        waiting = self.line(dispenser_id)
        job = handover.fetch(self.site, caller(self.site, dispenser_id))
        assert job is None or (job.state, job.id) == (JobState.RUNNING, waiting[0].id)

    @rule(dispenser_id=dispenser_ids, starts=st.booleans())
    def poll(self, dispenser_id: int, starts: bool) -> None:
        waiting = self.line(dispenser_id)
        job = handover.offer(self.site, caller(self.site, dispenser_id))
        assert job is None or job.id == waiting[0].id
        if job is not None and starts:
            handover.accept(self.site, caller(self.site, dispenser_id), job.id, job.key)

    @rule(dispenser_id=dispenser_ids, job_id=known, right=st.booleans())
    def accept(self, dispenser_id: int, job_id: int, right: bool) -> None:
        before = self.find(job_id)
        key = before.key if right else "0" * 32
        try:
            handover.accept(self.site, caller(self.site, dispenser_id), job_id, key)
        except (NotYours, NotPossibleNow):
            assert self.find(job_id) == before
            return
        assert before.id == self.line(dispenser_id)[0].id
        assert right
        assert dispenser_id == before.dispenser_id

    @rule(job_id=known)
    def tell_progress(self, job_id: int) -> None:
        job = self.find(job_id)
        dose = job.doses[0]
        told = handover.ReportedProgress(job.key, 1, dose.jar, dose.quantity, DoseStatus.RUNNING)
        asked_to_stop = handover.progress(
            self.site, caller(self.site, job.dispenser_id), job_id, told
        ).cancel
        assert asked_to_stop == (job.state in (JobState.CANCELLING, JobState.CANCELED))

    @rule(job_id=known, data=st.data(), has_key=st.booleans())
    def report(self, job_id: int, data: st.DataObject, has_key: bool) -> None:
        job = self.find(job_id)
        report, charged = data.draw(some_report(job), label="report")
        received = reports.Received(report, job.key if has_key else None, "", {})
        after = reports.complete(self.site, caller(self.site, job.dispenser_id), job_id, received)
        self.booked_as(job, after, charged)

    @rule(job_id=known, done=st.booleans())
    def report_as_0_1_3(self, job_id: int, done: bool) -> None:
        job = self.find(job_id)
        received = reports.Received(Report(None, None, all_done=done), None, "", {})
        reports.complete(self.site, caller(self.site, job.dispenser_id), job_id, received)
        charged = [dose.quantity if done else 0 for dose in job.doses]
        self.booked_as(job, self.find(job_id), charged)

    def booked_as(self, before: Job, after: Job | None, charged: list[int]) -> None:
        if before.reported:
            assert after == before
            return
        assert after is not None
        assert after.reported
        for dose, amount in zip(before.doses, charged, strict=True):
            self.stock[before.dispenser_id, dose.jar] -= amount

    @rule(job_id=known, data=st.data())
    def report_nonsense(self, job_id: int, data: st.DataObject) -> None:
        job = self.find(job_id)
        report = data.draw(st.sampled_from(nonsense(job)))
        received = reports.Received(report, job.key, "", {})
        after = reports.complete(self.site, caller(self.site, job.dispenser_id), job_id, received)
        assert after is not None
        assert after.reported
        assert after.review or job.reported
        self.booked_as(job, after, [dose.quantity for dose in job.doses])

    @rule(job_id=known)
    def report_somebody_elses(self, job_id: int) -> None:
        job = self.find(job_id)
        received = reports.Received(Report(len(job.doses), 0), None, "", {})
        other = THERE + HERE - job.dispenser_id
        assert reports.complete(self.site, caller(self.site, other), job_id, received) is None
        assert self.find(job_id) == job

    @rule(job_id=known)
    def report_after_the_board_changed_hands(self, job_id: int) -> None:
        job = self.find(job_id)
        report = report_of(*(a_reported_dose(dose) for dose in job.doses))
        received = reports.Received(report, job.key, "", {})
        other = THERE + HERE - job.dispenser_id
        after = reports.complete(self.site, caller(self.site, other), job_id, received)
        assert after == (job if job.reported else None)
        assert self.find(job_id) == job

    @rule(job_id=known, dispenser_id=dispenser_ids, key=st.sampled_from("0123"))
    def report_another_job_with_its_id(self, job_id: int, dispenser_id: int, key: str) -> None:
        report = report_of(*(a_reported_dose(dose) for dose in self.find(job_id).doses))
        received = reports.Received(report, key * 32, "", {"itens": 1})
        assert (
            reports.complete(self.site, caller(self.site, dispenser_id), job_id, received) is None
        )

    @rule(book=st.booleans())
    def decide_about_a_kept_report(self, book: bool) -> None:
        for kept in orphan_reports.undecided(self.site, OWNER)[:1]:
            if not book:
                orphan_reports.dismiss(self.site, OWNER, kept.id, Actor(OWNER))
                return
            job = next((job for job in self.jobs() if job.key == kept.key), None)
            orphan_reports.book(self.site, OWNER, kept.id, Actor(OWNER))
            if job is not None:
                self.booked_as(
                    job, self.find(job.id), [dose.fell_at_most_mg for dose in kept.doses]
                )
                return
            for dose in kept.doses:
                self.stock[kept.dispenser_id, dose.jar] -= dose.fell_at_most_mg

    # Time and power

    @rule(seconds=st.sampled_from([1, 30, 599, 600, 601, 1300, 7200]))
    def time_passes(self, seconds: int) -> None:
        self.clock.passes(seconds=seconds)

    @rule()
    def sweep(self) -> None:
        expiry.sweep(self.site)
        for job in self.jobs():
            assert overdue(job, self.clock(), self.site.settings.job_time_to_live) is None
        assert all(job.expires_at is not None for job in first_of_each_dispenser(self.jobs()))

    @rule(really=st.integers(0, 4))
    def restore(self, really: int) -> None:
        if really == 0:  # or else few jobs would ever come to their end
            epochs.restored(self.site)
            assert all(job.state in FINAL for job in self.jobs())

    @rule()
    def restart(self) -> None:
        self.site.database.close()
        self.start()

    # What is always true

    @invariant()
    def the_books_balance(self) -> None:
        assert check_ledger(self.site.database) == ()

    @invariant()
    def the_jars_hold_what_was_put_in_and_not_reported(self) -> None:
        with self.site.database.read() as connection:
            for dispenser_id in (HERE, THERE):
                for jar in dispenser_rows.jars_of(connection, dispenser_id):
                    place = dispenser_id, jar.number
                    known = None if place in self.unknown else self.stock[place]
                    assert jar.stock == known, place

    @invariant()
    def what_has_ended_stays_ended_and_what_is_booked_stays_booked(self) -> None:
        in_hand: list[int] = []
        for job in self.jobs():
            assert job.id not in self.ended or job.state in FINAL
            assert self.booked.get(job.id, job) == job
            if job.state in FINAL:
                self.ended.add(job.id)
            if job.reported:
                self.booked[job.id] = job
            if job.state in IN_HAND:
                in_hand.append(job.dispenser_id)
        assert len(in_hand) == len(set(in_hand))

    def jobs(self) -> list[Job]:
        with self.site.database.read() as connection:
            return [
                job
                for dispenser_id in (HERE, THERE)
                for job in job_rows.of_dispenser(connection, dispenser_id, EVERY_STATE)
            ]

    def line(self, dispenser_id: int) -> tuple[Job, ...]:
        return queue_of(job for job in self.jobs() if job.dispenser_id == dispenser_id)

    def find(self, job_id: int) -> Job:
        return orders.find(self.site, OWNER, job_id)


@st.composite
def some_report(draw: st.DrawFn, job: Job) -> tuple[Report, list[int]]:
    """What a dispenser may say of a job, and what is to be charged for each item."""
    told = [draw(_told(dose)) for dose in job.doses]
    entries = [one.entry for one in told if one.entry is not None]
    if entries:
        return report_of(*entries), [one.charged for one in told]
    completed = draw(st.integers(0, len(job.doses) + 1))
    charged = [dose.quantity if n < completed else 0 for n, dose in enumerate(job.doses)]
    return Report(completed, draw(st.integers(0, 3))), charged


@st.composite
def _told(draw: st.DrawFn, dose: Dose) -> Told:
    match draw(st.sampled_from(["done", "done", "short", "bounds", "failed", "nothing"])):
        case "done":
            return Told(a_reported_dose(dose), dose.quantity)
        case "short":
            fell = Milligrams(draw(st.integers(0, dose.quantity + 1)))
            return Told(a_reported_dose(dose, fell_at_most_mg=fell), min(fell, dose.quantity))
        case "bounds":
            upper = Milligrams(draw(st.integers(0, dose.quantity)))
            lower = Milligrams(draw(st.integers(0, upper)))
            entry = a_reported_dose(
                dose, done=False, fell_at_most_mg=upper, fell_at_least_mg=lower, resumes=1
            )
            return Told(entry, upper)
        case "failed":
            return Told(a_reported_dose(dose, done=False), 0)
        case _:
            return Told(None, dose.quantity)  # it may have fallen whole


def nonsense(job: Job) -> list[Report]:
    """Reports that contradict the job or themselves."""
    good = [a_reported_dose(dose) for dose in job.doses]
    first = good[0]
    wrong = [
        replace(first, fell_at_most_mg=Milligrams(-50_000)),
        replace(first, fell_at_most_mg=Milligrams(2 * first.fell_at_most_mg + 2)),
        replace(first, jar=9),
        replace(first, order=9),
        replace(first, fell_at_least_mg=Milligrams(first.fell_at_most_mg + 1)),
        replace(first, fell_at_least_mg=Milligrams(-1)),
    ]
    mended = [report_of(entry, *good[1:]) for entry in wrong]
    twice, miscounted = report_of(first, *good), replace(report_of(*good), completed=0)
    return [*mended, twice, miscounted]
