"""Cut the power at every operation of an update, and the network at every byte of every answer.

    time python -m yaguts_sim.updates.walk [--pairs] [--random N]

The release is small: three files of 200 bytes. A point is a flash operation or a step in the file
system (with each way in which the cut may leave it), a moment before or after a relay edge, a
network step, or a byte of an answer. Of several points after which the world is the same, pairs
take one (`Machine.moment`); of an answer, they cut it before its first byte, before its last one,
after it, and after each piece that is written to flash by itself. So do all walks through a release
of real size, which is cut at random, too, and through histories that are mostly polls (`LONG`).
"""

import os
import sys
from collections.abc import Generator, Iterable
from contextlib import contextmanager, nullcontext
from functools import partial
from multiprocessing import get_context
from random import Random
from typing import TypeVar
from unittest.mock import patch

import click

from yaguts_device.update import trial
from yaguts_sim.checkers.online import Violation
from yaguts_sim.device.files import FILES, PIECE_BYTES
from yaguts_sim.device.flash import FlashKey
from yaguts_sim.faults.kinds import Fault, FaultKind, Torn, Trigger
from yaguts_sim.server.harness import garbage_collected_rarely
from yaguts_sim.updates.cases import ALL, GOOD, OF_REAL_SIZE
from yaguts_sim.updates.updated import LATE, Case, UpdatedDispenser, old_release

_T = TypeVar("_T")
Broken = tuple[str, tuple[Fault, ...], tuple[Violation, ...]]
"""The name of a case, what was cut, and what came of it."""

DARK_MS = 700
_SHORT_SERVED_MS = 20_000
_KINDS = {Trigger.EDGE: FaultKind.CUT_AT_EDGE, Trigger.LINE: FaultKind.CUT_ON_LINE}
_CASES = {case.name: case for case in ALL}
LONG = (OF_REAL_SIZE.name, LATE, "no network for a day")
"""The names of the cases that pass thousands of points, most of them idle polls."""


@contextmanager
def short_trials() -> Generator[None]:
    """A release is confirmed after twenty seconds and a job: most of two hours is idle polls."""
    with patch.object(trial, "SERVED_MS", _SHORT_SERVED_MS):
        yield


class Points:
    """Records the points that a dispenser passes after so many cuts, one of each class."""

    def __init__(self, updated: UpdatedDispenser, cuts: int) -> None:
        self.power: dict[tuple[int, ...], Fault] = {}
        self.lines: list[Fault] = []
        self.bytes: list[Fault] = []
        self._cuts = cuts
        self._updated = updated
        updated.machine.on_point = self._passed
        updated.network.on_answer = self._answered

    def classes(self) -> list[Fault]:
        """One cut of each class."""
        return [*self.power.values(), *self.lines]

    def _is_on(self) -> bool:
        return self._updated.schedule.injected.total() >= self._cuts

    def _passed(self, trigger: Trigger, count: int, what: str, key: FlashKey | None) -> None:
        if not self._is_on():
            return
        machine = self._updated.machine
        moment = machine.moment()
        if key is None:
            self._note(moment, _KINDS[trigger], trigger, count, "")
            return
        self._note(moment, FaultKind.CUT_IN_FLASH, trigger, count, Torn.BEFORE)
        for number, torn in enumerate(self._ways_to_tear(what, key)):
            self._note((*moment, number), FaultKind.CUT_IN_FLASH, trigger, count, torn)
        self._note(machine.moment(1), FaultKind.CUT_IN_FLASH, trigger, count, Torn.AFTER)

    def _ways_to_tear(self, what: str, key: FlashKey) -> tuple[Torn, ...]:
        if key[0] == FILES:
            return (Torn.HALF, Torn.GONE) if what == "append" else ()
        old = self._updated.machine.flash.values.get(key)
        if what == "erase" or old is None:
            return ()
        return (Torn.GONE, Torn.HALF) if isinstance(old, bytes) else (Torn.GONE,)

    def _note(
        self, moment: tuple[int, ...], kind: FaultKind, trigger: Trigger, count: int, mode: str
    ) -> None:
        self.power.setdefault(moment, Fault(self._cuts, kind, trigger, count, 0, DARK_MS, mode))

    def _answered(self, number: int, data: bytes) -> None:
        if self._is_on():
            data = data[: 1 << 12]
            body = data.find(b"\r\n\r\n") + 4
            pieces = range(body + PIECE_BYTES, len(data), PIECE_BYTES)
            self.lines += [_broken(self._cuts, number, at) for at in _ends(data, pieces)]
            self.bytes += [_broken(self._cuts, number, at) for at in range(len(data) + 1)]


def _ends(data: bytes, pieces: Iterable[int]) -> list[int]:
    return sorted({0, len(data) - 1, len(data), *pieces})


def _broken(cuts: int, number: int, at: int) -> Fault:
    return Fault(cuts, FaultKind.BROKEN_ANSWER, Trigger.REQUEST, number, 0, 0, str(at))


def play(case: Case, faults: tuple[Fault, ...], slot: str = "a") -> tuple[Points, list[Broken]]:
    """Play a case with these cuts."""
    updated = UpdatedDispenser(case, old_release(), faults, slot)
    points = Points(updated, len(faults))
    with short_trials() if case.breaks != LATE else nullcontext():
        violations = updated.play()
    return points, [(case.name, faults, tuple(violations))] if violations else []


def walk_once(
    case: Case, slot: str = "a", every_byte: bool = True, step: int = 1
) -> tuple[int, list[Broken]]:
    """One cut at each point of a case, or at each `step`th. How many, and what was broken."""
    points, broken = play(case, (), slot)
    cuts = [*points.power.values(), *(points.bytes if every_byte else points.lines)][::step]
    for fault in cuts:
        broken += play(case, (fault,), slot)[1]
    return len(cuts), broken


def walk_pairs(case: Case, first: Fault) -> tuple[int, list[Broken]]:
    """A second cut at one point of each class of what follows a first one."""
    points, broken = play(case, (first,))
    cuts = points.classes()
    for fault in cuts:
        broken += play(case, (first, fault))[1]
    return len(cuts), broken


def walk_at_random(seed: int, case: Case = OF_REAL_SIZE) -> list[Broken]:
    """Up to six cuts, drawn from a seed, in an update of real size."""
    random = Random(seed)
    faults: tuple[Fault, ...] = ()
    for _ in range(random.randint(1, 6)):
        points, broken = play(case, faults, random.choice("ab") if not faults else "a")
        if broken:
            return broken
        faults = (*faults, random.choice([*points.classes(), random.choice(points.bytes)]))
    return play(case, faults)[1]


@click.command()
@click.option("--pairs", is_flag=True, help="Two cuts in a good release, too.")
@click.option("--random", "seeds", default=0, help="So many random histories of real size.")
@click.option("--workers", default=os.cpu_count() or 1, show_default=True, help="Processes.")
def main(pairs: bool, seeds: int, workers: int) -> None:
    """One cut at each point of every case; with --pairs two, with --random many."""
    broken: list[Broken] = []
    with get_context("spawn").Pool(workers) as pool:
        total = 0
        for count, found in pool.imap_unordered(_one_case, [(n, s) for n in _CASES for s in "ab"]):
            total, broken = total + count, broken + found
        _say("one cut", total, broken)
        if pairs:
            total, found_before = 0, len(broken)
            firsts = play(GOOD, ())[0].classes()
            for count, found in pool.imap_unordered(_one_first, firsts):
                total, broken = total + count, broken + found
            _say(f"two cuts ({len(firsts)} first ones)", total, broken[found_before:])
        if seeds:
            found_before = len(broken)
            for found in pool.imap_unordered(_one_seed, range(seeds), chunksize=20):
                broken += found
            _say("random, of real size", seeds, broken[found_before:])
    sys.exit(1 if broken else 0)


def _one_case(what: tuple[str, str]) -> tuple[int, list[Broken]]:
    name, slot = what
    every_byte = slot == "a" and name not in LONG
    return _quickly(partial(walk_once, _CASES[name], slot, every_byte=every_byte))


def _one_first(first: Fault) -> tuple[int, list[Broken]]:
    return _quickly(partial(walk_pairs, GOOD, first))


def _one_seed(seed: int) -> list[Broken]:
    return _quickly(partial(walk_at_random, seed))


def _quickly(work: "partial[_T]") -> "_T":
    with garbage_collected_rarely():
        return work()


def _say(name: str, points: int, broken: list[Broken]) -> None:
    click.echo(f"{name}: {points} points, {len(broken)} broken")
    for case, faults, violations in broken[:5]:
        click.echo(f"  {case}: {[str(fault) for fault in faults]}: {violations[0]}")


if __name__ == "__main__":
    main()
