"""The online checker: checks the promises at every answer of the server and every relay pulse.

The truth is what the scales say. The checker never trusts the firmware's flash or reports.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from yaguts.domain.clock import SKEW
from yaguts_device import RELEASED_S
from yaguts_device.core.dose_machine import MAX_RESTARTS
from yaguts_sim.checkers.places import PlaceChecker
from yaguts_sim.checkers.tokens import TokenChecker
from yaguts_sim.device.machine import Machine
from yaguts_sim.device.scales import fallen_mg
from yaguts_sim.engine.clock import US_PER_MS, Microseconds
from yaguts_sim.server.asgi import Request, ServerAnswer
from yaguts_sim.server.harness import TIME_TO_LIVE
from yaguts_sim.setup.kitchen import SimKitchen
from yaguts_wire.codec import decode
from yaguts_wire.offers import read_job
from yaguts_wire.server_messages import read_report
from yaguts_wire.shapes import JobOffer, JobReport, OfferedDose
from yaguts_wire.values import Malformed
from yaguts_wire.words import JOB_KEY, QUESTION, RESUME, STOPPED_HERE

_POLL = "/devices/me/next_job"
_BEFORE = (
    "SELECT 1 FROM jobs JOIN jobs AS before ON before.dispenser_id = jobs.dispenser_id"
    " AND before.id < jobs.id WHERE jobs.key = ?"
    " AND before.state IN ('queued', 'offered', 'running')"
)
STOP_WITHIN_US = 100 * US_PER_MS
"""No slice may be added so long after a cancel was heard. A flash write may take that time."""
LONGEST_PULSE_MS = 1_000
"""The longest pulse that may run by itself: two slices and their lead."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken promise: its number in docs/architecture.md, and what happened."""

    promise: str
    text: str

    def __str__(self) -> str:
        return f"{self.promise}: {self.text}"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """When the server let a dispenser start a job."""

    board: int
    at: Microseconds


@dataclass(frozen=True, slots=True)
class Booking:
    """When the server answered a report with 200.

    `garbled`: garbage arrived in place of it; `report` is what the dispenser said.
    """

    board: int
    at: Microseconds
    report: JobReport
    garbled: bool = False


class OnlineChecker:
    """Collects the violations of one kitchen while its history runs."""

    def __init__(self, kitchen: SimKitchen) -> None:
        self.kitchen = kitchen
        self.violations: list[Violation] = []
        self.jobs: dict[str, JobOffer] = {}
        self.accepted: dict[str, Acceptance] = {}
        self._given_up: set[str] = set()
        self.booked: dict[str, Booking] = {}
        self.refills = 0
        self.cancelled_at: dict[str, Microseconds] = {}
        self.idle_since: dict[int, Microseconds] = {}
        self._lives: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
        self._may_pour: dict[int, tuple[str, int]] = {}
        self._asked_at: dict[int, Microseconds] = {}
        self.said_yes_at: dict[str, Microseconds] = {}
        self.on_question: dict[int, Callable[[int, str], None]] = {}
        self.places = PlaceChecker(kitchen)
        self.tokens = TokenChecker(kitchen)
        kitchen.host.server.on_request = self._on_request
        kitchen.host.server.on_answer = self._on_answer
        for machine in kitchen.machines:
            self.watch(machine)

    def watch(self, machine: Machine) -> None:
        """Check every relay pulse of the dispenser, and every time that it takes, from now on."""
        machine.on_pulse = self._on_pulse
        machine.on_clock = self._on_clock

    def report(self, promise: str, text: str) -> None:
        """Add a violation."""
        self.violations.append(Violation(promise, text))
        self.kitchen.timeline.note("BROKEN", promise, text)

    # Requests and answers

    def _on_answer(self, who: int, request: Request, answer: ServerAnswer) -> None:
        if who < 0:
            return
        board = f"line {who + 1}"
        self.kitchen.timeline.note(
            board, request.method, request.target, request.body, "->", answer.status, answer.body
        )
        self.tokens.answered(who, request, answer.status)
        step = request.target.partition("?")[0].rpartition("/")[2]
        if step == "next_job" and answer.status == 200:
            self._offered(who, request, answer)
        elif step == "claim" and answer.status == 200:
            self.places.paired(who)
        elif step == "accept" and answer.status == 200:
            self._handed(who, request, _key(request))
            self._accepted(who, _key(request))
        elif step == "accept" and answer.status == 409:
            self._refused(who, _key(request))
        elif step == "complete" and answer.status == 200:
            self._reported(who, request)
        elif step == "complete" and self._is_garbled(who, request):
            self._insist_on_no_refusal(request, answer)
        elif step == "progress" and answer.status == 200:
            self._progress_told(who, request, answer)

    def _on_request(self, who: int, request: Request) -> None:
        if who >= 0:
            self.places.heard(who)
            self.tokens.asked(request)
        if request.target.startswith(_POLL):
            if dict(request.headers).get(b"yaguts-holding"):
                self.idle_since.pop(who, None)
            elif self.kitchen.machines[who].powered:  # else it is an old request that arrives late
                self.idle_since.setdefault(who, self.kitchen.world.now)

    def _offered(self, who: int, request: Request, answer: ServerAnswer) -> None:
        self.idle_since.pop(who, None)
        job = read_job(decode(answer.body))
        self.jobs[job["job_key"]] = job
        self._handed(who, request, job["job_key"])

    def _handed(self, who: int, request: Request, key: str) -> None:
        """I7: a place has one board, and another one only after its silence or a person's yes."""
        self.tokens.handed(request, key)
        whom = self.places.wrong(who, key)
        if whom:
            self.report("I7", f"job {key[:6]} is handed to {whom}")

    def _accepted(self, who: int, key: str) -> None:
        self._forget_job_that_nobody_knows(key)
        self._forget_refusal(key)
        before = self.accepted.get(key)
        if before is not None and before.board != who:
            self.report("I7", f"two dispensers may start job {key[:6]}")
        if key in self.cancelled_at and not self._is_forgotten(self.cancelled_at[key]):
            self.report("I7", f"job {key[:6]} may start although it was cancelled")
        if key in self.booked:
            self.report("I4", f"job {key[:6]} may start again after its report")
        if not self._in_time(key):
            self.report("I4", f"job {key[:6]} may start past its time to live")
        if not self._first_in_queue(key):
            self.report("I7", f"job {key[:6]} may start although others are before it")
        if before is None:
            self.accepted[key] = Acceptance(who, self.kitchen.world.now)
        machine = self.kitchen.machines[who]
        self._may_pour[who] = key, len(machine.lives)
        if machine.allowed_job != key:
            machine.allowed_job, machine.stop_heard_at = key, None
            machine.press_heard_at = None

    def _refused(self, who: int, key: str) -> None:
        """I8: what a dispenser was let start it may ask again, because the answer may be lost.

        A server whose clock is wrong may refuse it, and so may one whose clock was wrong when the
        job was ordered: by its clock it is too late, or too early. Then the dispenser gives the
        job up.
        """
        before, machine = self.accepted.get(key), self.kitchen.machines[who]
        if before is None or before.board != who or "acceptance" in machine.damaged:
            return
        if self.kitchen.host.harness.skew or not self._in_time_by_the_server(key):
            self._given_up.add(key)
        if key in self._given_up:
            return
        erased = machine.forgot_at > before.at or self._is_forgotten(before.at)
        if not erased and self._runs(key) and self._in_time(key):
            self.report("I8", f"job {key[:6]} is refused to the dispenser that may start it")

    def _runs(self, key: str) -> bool:
        running = "SELECT 1 FROM jobs WHERE key = ? AND state = 'running'"
        return bool(self.kitchen.host.rows(running, key))

    def _progress_told(self, who: int, request: Request, answer: ServerAnswer) -> None:
        """I7: a dispenser that asks before it resumes hears yes only after a person said so."""
        told, key = decode(request.body), _key(request)
        question = told.get(QUESTION)
        if question is None:
            return
        if question not in self._asked_at:
            self._asked_at[question] = self.kitchen.world.now
            if who in self.on_question:
                self.on_question[who](int(request.target.split("/")[-2]), key)
        if decode(answer.body).get(RESUME) == question:
            self._may_pour[who] = key, len(self.kitchen.machines[who].lives)
            if self.said_yes_at.get(key, -1) < self._asked_at[question]:
                self.report("I7", f"job {key[:6]} is told to go on although nobody said so")

    def _forget_job_that_nobody_knows(self, key: str) -> None:
        """Treat a job as a new one if its dispenser was erased and the server restored since.

        Nothing is left then from which anybody could know that it ran.
        """
        before = self.accepted.get(key)
        if before is None:
            return
        machine = self.kitchen.machines[before.board]
        if min(machine.forgot_at, self.kitchen.host.restored_at) <= before.at:
            return
        label = f"forgotten {key}"
        machine.scales.relabel(key, label)
        self.jobs[label] = self.jobs[key]
        del self.accepted[key]

    def _forget_refusal(self, key: str) -> None:
        """Forget the report of a refused job if a restore has lost it.

        A job that does not fit is reported without being journaled. After the restore it is open
        again, and may fit.
        """
        booking = self.booked.get(key)
        if booking is not None and key not in self.accepted and self._is_forgotten(booking.at):
            del self.booked[key]

    def _is_forgotten(self, at: Microseconds) -> bool:
        """Whether a restore has lost what the server committed at that instant.

        The server notices a restore by the high-water mark, which is as old as its last sweep.
        """
        return self.kitchen.host.has_forgotten(at)

    def _in_time(self, key: str) -> bool:
        """Whether the job is within its time to live, by the true time.

        After the clock jumped, the server may take it for another server's clock, and wait longer.
        """
        harness = self.kitchen.host.harness
        begun = harness.moments(self._expires_at(key) - TIME_TO_LIVE)
        longest = TIME_TO_LIVE + (SKEW if harness.jumped else timedelta())
        oldest = self.kitchen.world.now - longest // timedelta(microseconds=1)
        return any(since >= oldest for since in begun)

    def _in_time_by_the_server(self, key: str) -> bool:
        """Whether the job is within its time to live by the server's clock, which may have jumped
        since.
        """
        harness, expires_at = self.kitchen.host.harness, self._expires_at(key)
        begins = expires_at - TIME_TO_LIVE - SKEW
        return not harness.jumped or begins <= harness.site.clock() <= expires_at

    def _expires_at(self, key: str) -> datetime:
        ((expires_at,),) = self.kitchen.host.rows("SELECT expires_at FROM jobs WHERE key = ?", key)
        return datetime.fromisoformat(f"{expires_at}+00:00")

    def _first_in_queue(self, key: str) -> bool:
        return not self.kitchen.host.rows(_BEFORE, key)

    def _reported(self, who: int, request: Request) -> None:
        garbled = self._is_garbled(who, request)
        sent = self.kitchen.machines[who].network.garbled.get(request.body, request.body)
        try:
            report = read_report(decode(sent))
        except Malformed as error:
            self.report("I9", f"a report without {error.key} was booked")
            return
        key = report["job_key"]
        before = self.booked.get(key)
        if before is None or self._is_forgotten(before.at):
            self.booked[key] = Booking(who, self.kitchen.world.now, report, garbled)
            self._insist_on_stop(self.kitchen.machines[who], report)
        self.compare_with_scales(key)

    def _insist_on_stop(self, machine: Machine, report: JobReport) -> None:
        """I7: what was stopped with the button is told so, if nothing else happened meanwhile."""
        as_it_is = report["job_key"], machine.boots, machine.restarts
        if machine.stopped_job != as_it_is or machine.stop_heard_at is not None or machine.sensed:
            return
        errors = [dose["error"] for dose in report["doses"] if not dose["done"]]
        if errors and STOPPED_HERE not in errors:
            told = f"job {report['job_key'][:6]} was stopped with the button"
            self.report("I7", f"{told}, and the report says {errors}")

    def _is_garbled(self, who: int, request: Request) -> bool:
        return request.body in self.kitchen.machines[who].network.garbled

    def _insist_on_no_refusal(self, request: Request, answer: ServerAnswer) -> None:
        """I9: a report is answered 200 whatever it says, if its dispenser is known."""
        if answer.status not in (401, 503):
            told = request.body[:40]
            self.report(
                "I9", f"garbage in place of a report was answered {answer.status}: {told!r}"
            )

    def compare_with_scales(self, key: str) -> None:
        """I2: the report bounds what fell from each jar."""
        if key not in self.jobs:
            return
        job, booking = self.jobs[key], self.booked[key]
        machine, report = self.kitchen.machines[booking.board], booking.report
        lower: defaultdict[int, int] = defaultdict(int)
        upper: defaultdict[int, int] = defaultdict(int)
        for dose in report["doses"]:
            lower[dose["jar"]] += dose["fell_at_least_mg"]
            upper[dose["jar"]] += dose["fell_at_most_mg"]
        for jar in {dose["jar"]: None for dose in job["doses"]}:
            fallen = fell_mg(machine, job, jar)
            if not lower[jar] <= fallen <= upper[jar]:
                told = f"{lower[jar]} to {upper[jar]} mg reported, {float(fallen):.3f} fell"
                self.report("I2", f"job {job['job_key'][:6]} jar {jar}: {told}")

    # Clocks and relays

    def _on_clock(self, machine: Machine, unix_s: int) -> None:
        """I9: a time from before the firmware was made is nonsense."""
        if unix_s < RELEASED_S:
            self.report("I9", f"{machine.who} takes a time from before it was made")

    def _on_pulse(self, machine: Machine, jar: int) -> None:
        """I1 to I4 and I7, whenever a pulse starts or becomes longer."""
        left = machine.outputs.left(jar)
        if left > LONGEST_PULSE_MS * US_PER_MS:
            self.report("I3", f"jar {jar} stays open for {left // US_PER_MS} ms by itself")
        key = machine.allowed_job
        if key is None or key not in self.jobs:
            self.report("I7", f"jar {jar} opens although no job may start")
            return
        if key in self.booked and not self._is_by_a_copy(self.booked[key].board, machine):
            self.report("I4", f"jar {jar} opens although job {key[:6]} is reported")
        heard = machine.stop_heard_at
        if heard is not None and machine.world.now > heard + STOP_WITHIN_US:
            self.report("I7", f"jar {jar} goes on although the dispenser was told to stop")
        pressed = machine.press_heard_at
        if pressed is not None and machine.world.now > pressed:
            self.report("I7", f"jar {jar} goes on although the dispenser's button was pressed")
        lives = self._lives[key, jar]
        lives.add(len(machine.lives))
        if len(lives) > MAX_RESTARTS * len(_doses(self.jobs[key], jar)):
            self.report("I2", f"jar {jar} goes on after its pour crashed {MAX_RESTARTS} times")
        if self.jobs[key]["asks"] and self._may_pour[machine.number] != (key, len(machine.lives)):
            self.report("I7", f"job {key[:6]} goes on after an outage, and nobody was asked")
        allowed = allowed_us(self.jobs[key], jar)
        if machine.scales.open_us(key, jar, now=machine.world.now) + left > allowed:
            self.report("I1", f"job {key[:6]} jar {jar} would be open for more than its dose")

    def _is_by_a_copy(self, reporter: int, machine: Machine) -> bool:
        """Whether a board that says the same name reported the job: it had journaled the offer,
        too, and its record was damaged or expired. Nobody can tell whose report that is.
        """
        other = self.kitchen.machines[reporter]
        return machine.number == other.copy_of or other.number == machine.copy_of


def _key(request: Request) -> str:
    return str(decode(request.body).get(JOB_KEY))


def allowed_us(job: JobOffer, jar: int) -> Microseconds:
    """How long a job may open a jar, in all."""
    return sum(dose["duration_ms"] for dose in _doses(job, jar)) * US_PER_MS


def fell_mg(machine: Machine, job: JobOffer, jar: int) -> Fraction:
    """What fell from a jar for a job, in milligrams. All doses of a jar have the same rate."""
    doses = _doses(job, jar)
    quantity = sum(dose["quantity_mg"] for dose in doses)
    duration = sum(dose["duration_ms"] for dose in doses)
    fallen_us = machine.scales.open_us(job["job_key"], jar, flowing=True)
    return fallen_mg(fallen_us, quantity, duration)


def _doses(job: JobOffer, jar: int) -> list[OfferedDose]:
    return [dose for dose in job["doses"] if dose["jar"] == jar]
