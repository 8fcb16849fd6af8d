"""The same histories with doses by hand, purges and calibration runs in between.

A jar that ran by time holds nobody knows how much: until it is weighed, or what fell of it is.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, multiple, rule

from tests.support.kitchen.histories import OWNER, Histories, dispenser_ids, jar_numbers
from yaguts.domain.errors import NotFound, NotPossibleNow
from yaguts.domain.jobs.job import FOR_A_DISH, Failure, Job
from yaguts.domain.people import Actor
from yaguts.domain.units import Milligrams, Milliseconds
from yaguts.services.jobs import calibration, maintenance

seconds = st.sampled_from([1, 5, 60, 180]).map(lambda s: Milliseconds(s * 1000))


class MaintenanceHistories(Histories):
    """`counted`: the calibration runs before which the jar's stock was known."""

    def __init__(self, fresh: Callable[[], str]) -> None:
        super().__init__(fresh)
        self.counted: set[int] = set()
        self.weights: dict[int, int] = {}
        self.given_up: set[int] = set()

    @rule(
        target=Histories.known,
        dispenser_id=dispenser_ids,
        jar=jar_numbers,
        amount=st.integers(1, 400),
    )
    def dose(self, dispenser_id: int, jar: int, amount: int) -> Any:
        quantity = Milligrams(amount * 100)
        return self.ordered(
            lambda: maintenance.order_dose(
                self.site, OWNER, dispenser_id, jar, quantity, by=Actor(OWNER)
            )
        )

    @rule(target=Histories.known, dispenser_id=dispenser_ids, jar=jar_numbers, duration=seconds)
    def purge(self, dispenser_id: int, jar: int, duration: Milliseconds) -> Any:
        return self.ordered(
            lambda: maintenance.order_purge(
                self.site, OWNER, dispenser_id, jar, duration, by=Actor(OWNER)
            )
        )

    @rule(target=Histories.known, dispenser_id=dispenser_ids, jar=jar_numbers)
    def calibrate(self, dispenser_id: int, jar: int) -> Any:
        try:
            found = self.ordered(
                lambda: calibration.order_run(
                    self.site, OWNER, dispenser_id, jar, Milliseconds(2000), by=Actor(OWNER)
                )
            )
        except NotPossibleNow:  # there is a run to weigh
            return multiple()
        if isinstance(found, int) and (dispenser_id, jar) not in self.unknown:
            self.counted.add(found)
        return found

    @rule(job_id=Histories.known, weight=st.integers(0, 5000))
    def weigh_run(self, job_id: int, weight: int) -> None:
        before = self.find(job_id)
        try:
            calibration.weigh(self.site, OWNER, job_id, Milligrams(weight), by=Actor(OWNER))
        except (NotFound, NotPossibleNow):
            assert self.find(job_id) == before
            return
        place = before.dispenser_id, before.doses[0].jar
        if job_id in self.weights:
            self.stock[place] += self.weights[job_id] - weight
        elif place not in self.unknown:
            pass  # somebody has weighed the whole jar since
        else:
            self.stock[place] -= weight
            if job_id in self.counted:
                self.unknown.discard(place)
                self.stock[place] = max(0, self.stock[place])
        self.weights[job_id] = weight
        self.booked[job_id] = self.find(job_id)

    @rule(job_id=Histories.known)
    def repeat_run(self, job_id: int) -> None:
        with suppress(NotFound, NotPossibleNow):
            calibration.put_aside(self.site, OWNER, job_id)

    def booked_as(self, before: Job, after: Job | None, charged: list[int]) -> None:
        if not before.reported:
            charged = [self._from(before, n, amount) for n, amount in enumerate(charged)]
        super().booked_as(before, after, charged)
        if not before.reported:
            self._lose_count(before)

    def _from(self, job: Job, place: int, amount: int) -> int:
        """A jar that is purged gives no more than is in it, if anybody knows what that is."""
        jar = job.dispenser_id, job.doses[place].jar
        if job.kind in FOR_A_DISH or jar in self.unknown:
            return amount
        return min(amount, max(0, self.stock[jar]))

    def _lose_count(self, job: Job) -> None:
        for item in job.doses:
            place = job.dispenser_id, item.jar
            if item.by_time and self.stock[place] > 0:
                self.unknown.add(place)

    @invariant()
    def the_jars_hold_what_was_put_in_and_not_reported(self) -> None:
        for job in self.jobs():
            lost = job.failure in (Failure.UNCONFIRMED, Failure.RESTORED) and job.started_at
            if lost and job.id not in self.given_up:
                self.given_up.add(job.id)
                self._lose_count(job)
        super().the_jars_hold_what_was_put_in_and_not_reported()
