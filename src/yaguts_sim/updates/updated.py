"""One dispenser with two slots, its server, and what must hold while it is updated.

whole      each boot runs the old release or the new one, every byte as it was signed
jobs       none is lost, doubled or poured over; none is held when the active slot changes
outcome    the new release is confirmed, or left for the reason that its fault is; the keys are
           those that it says once it is confirmed, and else those from before
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

from yaguts_device.app import supervise
from yaguts_sim.checkers.online import Violation
from yaguts_sim.device.board import SimBoard
from yaguts_sim.device.flash import FlashKey, SimFlash
from yaguts_sim.device.machine import WATCHDOG, Delays, Machine
from yaguts_sim.engine.clock import US_PER_MS, US_PER_S, World
from yaguts_sim.engine.timeline import Timeline
from yaguts_sim.faults.kinds import Fault, Torn
from yaguts_sim.faults.schedule import FaultSchedule
from yaguts_sim.updates.loader import chosen_slot
from yaguts_sim.updates.server import DOSE_MS, ScriptedJob, UpdateNetwork, UpdateServer
from yaguts_sim.updates.signing import OWNER, SignedRelease, make_release, small_files
from yaguts_wire import update_words as u
from yaguts_wire import words as w

OLD, NEW = 6, 7
CODE = "123456"
WATCH_S = 60
SPARE_JOBS, SPARE_AFTER_S = 4, 120
MOST_BOOTS = 100
"""No case needs as many, whatever is cut. A loader that never gives up needs ten thousands."""
LATE = "after an hour"
_DELAYS = Delays(boot=100 * US_PER_MS, flash_cell=0, flash_blob=0)
_ACTIVE: FlashKey = ("slot", "active")


@dataclass(frozen=True)
class Case:
    """A release that is offered, and what is to become of it.

    `breaks`: how the release fails when it runs; see `_BREAKS`. `ends`: a state, and a reason.
    """

    name: str
    release: SignedRelease
    ends: tuple[str, str]
    breaks: str = ""
    endless: str = ""
    cells: tuple[tuple[str, int], ...] = ()
    keys: tuple[bytes, ...] = (OWNER.modulus,)
    has_time: bool = True
    room: int = 1 << 20
    outage_s: tuple[int, int] = (0, 0)
    """From when, after the new release has started, to when no server is reached."""
    within_s: int = 8 * 3600
    """A release that crashes after an hour is tried three times. A power cut that erases the count
    of the tries makes them six.
    """
    keys_after: tuple[bytes, ...] | None = None
    """The keys that the board holds at the end; None: those that it held before."""


@dataclass
class UpdatedDispenser:
    """The dispenser and its server, in a world of their own."""

    case: Case
    old: SignedRelease
    faults: tuple[Fault, ...] = ()
    slot: str = "a"
    """Where the old release is."""
    paired: bool = True
    violations: list[Violation] = field(default_factory=list[Violation])

    def __post_init__(self) -> None:
        self.world = World()
        timeline = Timeline(self.world)
        self.schedule = FaultSchedule(self.faults, timeline)
        self.server = UpdateServer(self.case.release)
        self.server.endless = self.case.endless
        self.network = UpdateNetwork(self.world, self.server, self.schedule, timeline)
        flash = _paired_flash().copy() if self.paired else SimFlash()
        for key, value in (("release", self.old.number), *self.case.cells):
            flash.put(("slot", key), value)
        network: Any = self.network
        self.machine = Machine(0, "sim-1", flash, network, self._boot, Random(0), _DELAYS)
        self.new_slot = "ab".replace(self.slot, "")
        flash.put(_ACTIVE, "ab".index(self.slot))
        self.machine.slot = self.slot
        self.machine.files.contents.update(self.old.in_slot(self.slot))
        self.machine.files.contents.update(
            {f"/key_{place}": key for place, key in zip("ab", self.case.keys, strict=False)}
        )
        self.machine.files.room = self.case.room
        if self.case.has_time:
            self.machine.keeps_time = True
            self.machine.clock_offset_us = self.network.times.began_s * US_PER_S
        else:
            self.network.times.ntp_ahead_s = None
        self.started_new: int | None = None
        self.boots = 0
        self.server.silent_to = self._is_out
        server = self.server
        self.server.jobs = [
            ScriptedJob(1, lambda: server.pieces > 0 or bool(server.told)),
            ScriptedJob(2, self._may_order_again),
            *(ScriptedJob(number, self._waits_for_a_job) for number in range(3, 3 + SPARE_JOBS)),
        ]
        watch = flash.watch
        flash.watch = lambda what, key: self._watched(watch, what, key)

    def play(self) -> list[Violation]:
        """Let it be updated until all has ended. What was broken."""
        self.machine.power_on()
        ended = self.world.run(self.case.within_s * US_PER_S, self._has_ended)
        if not ended:
            self._break("outcome", f"told {self.server.told}, jobs {self._reports()}")
        for failure in self.machine.failures:
            self._break("failure", failure)
        self._check_outcome()
        self._check_jobs()
        self.machine.power_off("the end")
        return self.violations

    # What runs

    async def _boot(self, board: SimBoard) -> None:
        machine = self.machine
        machine.outputs.all_off()
        self.boots += 1
        if self.boots == MOST_BOOTS:
            self._break("outcome", f"started {MOST_BOOTS} times")
        slot = chosen_slot(machine, board)
        self._check_slot(slot)
        machine.slot = board.slot = slot
        release = self.case.release if self._holds(slot, self.case.release) else self.old
        if release is self.case.release:
            self.started_new = self.world.now if self.started_new is None else self.started_new
            await _BREAKS.get(self.case.breaks, _works)(board, machine)
        try:
            await supervise(board, board.server, CODE)
        except _Broken:
            board.reset()

    def _is_out(self) -> bool:
        begins, ends = self.case.outage_s
        if self.started_new is None or not ends:
            return False
        return begins <= (self.world.now - self.started_new) / US_PER_S < ends

    def _may_order_again(self) -> bool:
        """The second job is ordered once the new release runs well, or is left."""
        return self.server.facts.get(u.RELEASE) == self.case.release.number or any(
            state in (u.REFUSED, u.FELL_BACK) for _, state, _ in self.server.told
        )

    def _waits_for_a_job(self) -> bool:
        """A job that a power cut interrupted confirms nothing: another one is ordered later."""
        return self.world.now > self.server.reported_at + SPARE_AFTER_S * US_PER_S

    def _has_ended(self) -> bool:
        if self.violations:
            return True
        first, second, *spare = self.server.jobs
        jobs_over = first.reports and second.reports and all(j.reports for j in spare if j.accepted)
        return bool(jobs_over) and self.server.has_heard(self.case.ends[0])

    # What must hold

    def _holds(self, slot: str, release: SignedRelease) -> bool:
        found = {
            path: content
            for path, content in self.machine.files.contents.items()
            if path.startswith(f"/{slot}/") and not path.endswith("/manifest.sig")
        }
        return found == release.in_slot(slot)

    def _check_slot(self, slot: str) -> None:
        for other in "ab":
            whole = self._holds(other, self.old) or self._holds(other, self.case.release)
            if f"/{other}/manifest.json" in self.machine.files.contents and not whole:
                self._break("whole", f"slot {other} has a manifest and neither release")
        if not slot:
            self._break("whole", "no slot is whole")
        elif not self._holds(slot, self.old) and not self._holds(slot, self.case.release):
            self._break("whole", f"slot {slot} has neither release")
        elif self._holds(slot, self.case.release) and self.case.ends[0] == u.REFUSED:
            self._break("whole", "a release runs that had to be refused")

    def _watched(
        self, watch: Callable[[str, FlashKey], Torn | None], what: str, key: FlashKey
    ) -> Torn | None:
        forward = key == _ACTIVE and self.machine.slot == self.slot
        if forward and any(job.accepted and not job.reports for job in self.server.jobs):
            self._break("jobs", "another slot becomes active while a job is held")
        return watch(what, key)

    def _check_outcome(self) -> None:
        number, (state, reason) = self.case.release.number, self.case.ends
        ends = [told for told in self.server.told if told[1] == state]
        may_be = {(number, state, reason)}
        if self.faults and reason == u.WATCHDOG:  # power is what started it last
            may_be.add((number, state, u.CRASH))
        if ends and ends[-1] not in may_be:
            self._break("outcome", f"told {ends[-1]}, and not {(number, state, reason)}")
        cells = self.machine.flash.values
        confirmed = cells.get(("slot", "release"), 0)
        before = dict(self.case.cells).get("release", self.old.number)
        if confirmed != (number if state == u.CONFIRMED else before):
            self._break("outcome", f"the highest confirmed release is {confirmed}")
        if state == u.FELL_BACK and cells.get(("slot", "bad")) != number:
            self._break("outcome", "what fell back may be tried again")
        held = {self.machine.files.contents.get(f"/key_{place}") for place in "ab"} - {None}
        if held != set(self.case.keys if self.case.keys_after is None else self.case.keys_after):
            self._break("outcome", f"holds {len(held)} keys, and not those that it was to hold")
        if state == u.REFUSED and self._holds(self.new_slot, self.case.release):
            self._break("outcome", "a refused release is in its slot, whole")

    def _check_jobs(self) -> None:
        scales = self.machine.scales
        fell_us = sum(opening.end - opening.start for opening in scales.openings)
        started = sum(bool(job.accepted) for job in self.server.jobs)
        if fell_us > started * DOSE_MS * US_PER_MS:
            self._break("jobs", f"{fell_us} us fell of {started} doses of {DOSE_MS} ms")
        told = 0.0
        for job in self.server.jobs:
            if len(job.accepted) > 1:
                self._break("jobs", f"job {job.number} was started twice")
            if job.reports:
                told += job.reports[-1][w.LOGS][0][w.QUANTITY_G]
        if told * 1_000_000 < fell_us:
            self._break("jobs", f"{fell_us} us fell, and {told} g were told")

    def _reports(self) -> list[int]:
        return [len(job.reports) for job in self.server.jobs]

    def _break(self, promise: str, what: str) -> None:
        self.violations.append(Violation(promise, what))


@cache
def old_release() -> SignedRelease:
    """What runs before. One of its files is in the new one, too."""
    return make_release(OLD, small_files(1), OWNER)


@cache
def _paired_flash() -> SimFlash:
    """The flash of a dispenser that its server has paired."""
    updated = UpdatedDispenser(Case("none", old_release(), ("", "")), old_release(), paired=False)
    updated.server.jobs = []
    updated.machine.power_on()
    updated.world.run(20 * US_PER_S)
    updated.machine.power_off("paired")
    return updated.machine.flash


# How a release fails


class _Broken(Exception):
    """What the loader sees of a firmware that raises."""


Breaks = Callable[[SimBoard, Machine], Any]


async def _works(_board: SimBoard, _machine: Machine) -> None:
    pass


async def _raises_at_import(board: SimBoard, _machine: Machine) -> None:
    board.reset()


async def _hangs(board: SimBoard, machine: Machine) -> None:
    await board.sleep_ms(WATCH_S * 1000)
    machine.reset(WATCHDOG)
    await board.sleep_ms(1)


async def _raises_in_main(board: SimBoard, _machine: Machine) -> None:
    board.dark()
    await board.sleep_ms(100)
    board.reset()


async def _raises_in_its_first_poll(board: SimBoard, _machine: Machine) -> None:
    connect = board.connect

    async def broken(*what: Any) -> Any:
        reader, line = await connect(*what)
        write = line.write

        def raise_at_poll(data: bytes) -> None:
            if b"/next_job" in data:
                raise ZeroDivisionError
            write(data)

        line.write = raise_at_poll
        return reader, line

    board.connect = broken  # type: ignore[method-assign]


async def _raises_in_its_first_job(board: SimBoard, _machine: Machine) -> None:
    def broken(_jar: int, _for_ms: int) -> None:
        raise ZeroDivisionError

    board.open = broken  # type: ignore[method-assign]


async def _raises_after_an_hour(board: SimBoard, machine: Machine) -> None:
    began, ticks_ms = machine.world.now, board.ticks_ms

    def broken() -> int:
        if machine.world.now - began > 3600 * US_PER_S:
            raise ZeroDivisionError
        return ticks_ms()

    board.ticks_ms = broken  # type: ignore[method-assign]


async def _hears_nobody(board: SimBoard, _machine: Machine) -> None:
    async def broken(*_what: Any) -> Any:
        raise OSError(113, "EHOSTUNREACH")

    board.connect = broken  # type: ignore[method-assign]


_BREAKS: dict[str, Breaks] = {
    "at import": _raises_at_import,
    "in main": _raises_in_main,
    "in its first poll": _raises_in_its_first_poll,
    "in its first job": _raises_in_its_first_job,
    LATE: _raises_after_an_hour,
    "hangs": _hangs,
    "silent": _hears_nobody,
}
