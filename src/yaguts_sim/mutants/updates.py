"""The mutants of updates: what is not verified, not counted, not settled.

    python -m yaguts_sim.mutants.updates

Each must be found in one of its cases: as it is played without a cut, with one cut at a point of
each class, or, for those that take two, with a second one.
"""

# pyright: basic, reportPrivateUsage=false, reportUnknownMemberType=false

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click

from yaguts_device import app
from yaguts_device.update import cells, crash, fetching, judging, manifest, settling, trial
from yaguts_sim.mutants.mutant import Mutant, Replaced, active
from yaguts_sim.updates.cases import ALL, GOOD
from yaguts_sim.updates.walk import Broken, play
from yaguts_wire import update_words as u

_CASES = {case.name: case for case in ALL}


@dataclass(frozen=True)
class UpdateMutant:
    """A bug, and the cases in which it shows."""

    description: str
    replacements: Callable[[], list[Replaced]]
    cases: tuple[str, ...] = (GOOD.name,)

    def as_mutant(self) -> Mutant:
        """As `active` takes it."""
        return Mutant(self.description, (), 0, self.replacements)


def found_by(mutant: UpdateMutant) -> Broken | None:
    """The first case and cut that shows it; None when none does."""
    with active(mutant.as_mutant()):
        for name in mutant.cases:
            points, broken = play(_CASES[name], ())
            for fault in points.classes():
                if broken:
                    return broken[0]
                broken = play(_CASES[name], (fault,))[1]
            if broken:
                return broken[0]
    return None


def _flip_before_verify() -> list[Replaced]:
    judge = fetching.Fetching._judge

    async def hasty(self: Any) -> None:
        await judge(self)
        for path, _, _ in self._entries():
            self._files.append(self._folder + "/" + path, b"\0")
        self._files.append(
            self._folder + "/manifest.json", b"".join(self._files.pieces("/update.json"))
        )
        fetching.make_active(self._cells, self._slot, self.release)

    return [(fetching.Fetching, "_judge", hasty)]


def _manifest_before_the_files() -> list[Replaced]:
    judge = fetching.Fetching._judge

    async def early(self: Any) -> None:
        await judge(self)
        self._files.append(
            self._folder + "/manifest.json", b"".join(self._files.pieces("/update.json"))
        )

    return [(fetching.Fetching, "_judge", early)]


def _flip_with_the_first_file() -> list[Replaced]:
    next_file = fetching.Fetching._next_file

    def hasty(self: Any) -> None:
        next_file(self)
        if self._place == 1:
            self._finish()

    return [(fetching.Fetching, "_next_file", hasty)]


def _counter_not_written() -> list[Replaced]:
    put = trial.put
    return [(trial, "put", lambda flash, key, value: key == "release" or put(flash, key, value))]


def _hash_skipped() -> list[Replaced]:
    def trusting(self: Any, path: str, size: int, _digest: str) -> bool:
        return self._files.size(path) == size

    return [(fetching.Fetching, "_is_whole", trusting)]


def _expiry_ignored() -> list[Replaced]:
    judge = judging.judge
    return [(judging, "judge", lambda facts, board, _now, newest: judge(facts, board, 0, newest))]


def _update_in_mid_job() -> list[Replaced]:
    let_go, step = app.DispenserApp.let_go, app.DispenserApp._step
    fetching_for: dict[Any, Any] = {}

    def keeping(self: Any) -> None:
        fetching_for[self] = self._updates and self._updates.fetching
        let_go(self)

    async def eager(self: Any) -> None:
        while self._job and self._job.may_pour() and fetching_for.get(self):
            if await fetching_for[self].step():
                fetching_for[self] = None
        await step(self)

    return [(app.DispenserApp, "let_go", keeping), (app.DispenserApp, "_step", eager)]


def _downgrade_accepted() -> list[Replaced]:
    judge = judging.judge
    return [(judging, "judge", lambda facts, board, now, _newest: judge(facts, board, now, 0))]


def _signature_skipped() -> list[Replaced]:
    return [(fetching, "is_signed_by_owner", lambda *_what: True)]


def _any_hardware() -> list[Replaced]:
    judge = judging.judge

    def careless(facts: Any, board: Any, now: Any, newest: int) -> None:
        judge(facts, {**board, u.HARDWARE: facts[u.HARDWARE]}, now, newest)

    return [(judging, "judge", careless)]


def _any_path() -> list[Replaced]:
    return [(manifest, "is_inside", lambda _path: True)]


def _any_length() -> list[Replaced]:
    return [(u, "MAX_MANIFEST_BYTES", 1 << 30)]


def _untried_not_noted() -> list[Replaced]:
    put = fetching.put
    return [(fetching, "put", lambda flash, key, value: key == "untried" or put(flash, key, value))]


def _active_first() -> list[Replaced]:
    def hasty(flash: Any, slot: int, release: int) -> None:
        cells.put(flash, "active", slot)
        cells.put(flash, "tries", 0)
        cells.put(flash, "silent", 0)
        cells.put(flash, "judged", 0)
        cells.put(flash, "untried", 1)
        cells.put(flash, "trial", release)

    return [(fetching, "make_active", hasty)]


def _bad_one_tried_again() -> list[Replaced]:
    put = trial.put
    return [(trial, "put", lambda flash, key, value: key == "bad" or put(flash, key, value))]


def _bad_before_it_is_told() -> list[Replaced]:
    def mute(flash: Any, reason: str) -> None:
        release = cells.get(flash, "trial")
        cells.put(flash, "bad", release)
        cells.put(flash, "trial", 0)
        cells.tell(flash, u.FELL_BACK, release, reason)

    return [(trial, "leave", mute)]


def _confirmed_by_its_first_poll() -> list[Replaced]:
    return [(trial.Trial, "look", lambda self, heard, *_more: heard and not self.confirm())]


def _silence_is_always_its_fault() -> list[Replaced]:
    return [(trial, "PROMPT_MS", 1 << 40)]


def _never_silent() -> list[Replaced]:
    return [(trial, "SILENT_MS", 1 << 40)]


def _crashes_forgiven() -> list[Replaced]:
    return [(crash, "has_failed_untried", lambda *_what: False)]


def _half_flip_is_a_crash() -> list[Replaced]:
    get = settling.get
    return [(settling, "get", lambda flash, key: 0 if key == "untried" else get(flash, key))]


def _confirmed_again_never() -> list[Replaced]:
    def deaf(self: Any) -> None:
        trial.put(self._cells, "release", self.release)
        trial.put(self._cells, "trial", 0)
        trial.put(self._cells, "untried", 0)
        trial.tell(self._cells, u.CONFIRMED, self.release)

    return [(trial.Trial, "confirm", deaf)]


UPDATE_MUTANTS = {
    "flip-before-verify": UpdateMutant(
        "the other slot is made active before its files are there", _flip_before_verify
    ),
    "manifest-first": UpdateMutant(
        "the slot's manifest is written before its files", _manifest_before_the_files, (GOOD.name,)
    ),
    "flip-with-the-first-file": UpdateMutant(
        "one whole file is enough for the slot to become active", _flip_with_the_first_file
    ),
    "counter-not-written": UpdateMutant("a confirmed release is not noted", _counter_not_written),
    "hash-skipped": UpdateMutant("a file of the right size counts as whole", _hash_skipped),
    "expiry-ignored": UpdateMutant("no release expires", _expiry_ignored, ("expired",)),
    "no-time-needed": UpdateMutant(
        "a board without a time believes", _expiry_ignored, ("no time",)
    ),
    "update-in-mid-job": UpdateMutant("a held job waits for the update", _update_in_mid_job),
    "downgrade-accepted": UpdateMutant("any number will do", _downgrade_accepted, ("downgrade",)),
    "signature-skipped": UpdateMutant(
        "nobody has to have signed", _signature_skipped, ("signed by a stranger",)
    ),
    "any-hardware": UpdateMutant(
        "another chip's release is taken", _any_hardware, ("another chip",)
    ),
    "any-path": UpdateMutant("a file may lie anywhere", _any_path, ("path ../main.mpy",)),
    "any-length": UpdateMutant(
        "a manifest may have any length", _any_length, ("a manifest too large",)
    ),
    "untried-not-noted": UpdateMutant(
        "the loader does not know that it tries a release", _untried_not_noted, ("at import",)
    ),
    "active-first": UpdateMutant(
        "the slot becomes active before it is untried", _active_first, ("at import",)
    ),
    "bad-one-tried-again": UpdateMutant(
        "what fell back is not noted", _bad_one_tried_again, ("in main",)
    ),
    "bad-before-told": UpdateMutant(
        "the news of a fall is written last", _bad_before_it_is_told, ("in main",)
    ),
    "confirmed-by-its-first-poll": UpdateMutant(
        "a poll that is answered confirms it", _confirmed_by_its_first_poll, ("in its first job",)
    ),
    "silence-is-its-fault": UpdateMutant(
        "a release that hears nobody is bad, network or not",
        _silence_is_always_its_fault,
        ("no network for half an hour",),
    ),
    "never-silent": UpdateMutant("a release may hear nobody for ever", _never_silent, ("silent",)),
    "crashes-forgiven": UpdateMutant(
        "an untried release may crash as often as another", _crashes_forgiven, ("in its first job",)
    ),
    "half-flip-is-a-crash": UpdateMutant(
        "a power cut before the slot is active makes the release bad", _half_flip_is_a_crash
    ),
    "confirmation-not-finished": UpdateMutant(
        "a power cut while it is confirmed loses the news", _confirmed_again_never
    ),
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(UPDATE_MUTANTS)))
def main(names: tuple[str, ...]) -> None:
    """Say of each mutant, or of those named, what shows it."""
    hidden = 0
    click.echo("| mutant | found in | what is broken |")
    click.echo("|---|---|---|")
    for name in names or UPDATE_MUTANTS:
        mutant = UPDATE_MUTANTS[name]
        found = found_by(mutant)
        hidden += found is None
        click.echo(f"| {name}: {mutant.description} | {_told(found)} |")
    sys.exit(1 if hidden else 0)


def _told(found: Broken | None) -> str:
    if found is None:
        return "hidden | -"
    case, faults, violations = found
    where = f"{case}, {faults[0].kind}" if faults else case
    return f"{where} | {violations[0]}"


if __name__ == "__main__":
    main()
