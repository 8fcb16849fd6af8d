"""`yaguts simulate`: play seeds on every core, and say whether a promise was broken."""

import json
import os
import re
import sys
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from yaguts_sim.faults.kinds import FaultKind
from yaguts_sim.runner.history import play
from yaguts_sim.runner.shrink import replay_line, shrunk
from yaguts_sim.runner.tally import Tally
from yaguts_sim.server.harness import garbage_collected_rarely, one_thread
from yaguts_sim.setup.script import draw_script
from yaguts_sim.setup.shared import setup_of_this_process

_CHUNK = 50
_USUAL_RATES: Mapping[FaultKind, float] = {}
_ONE_OR_MORE = click.IntRange(1)


class FaultNumbers(click.ParamType[frozenset[int]]):
    """`3,7`: which of a history's faults to keep; `none` keeps none."""

    name = "numbers"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> frozenset[int]:
        words = [] if value == "none" else str(value).split(",")
        if not all(word.strip().isdecimal() for word in words):
            self.fail("numbers with commas between them, or none", param, ctx)
        return frozenset(int(word) for word in words)


class KindRate(click.ParamType[tuple[FaultKind, float]]):
    """`power cut=2`: how many faults of a kind a history has, more or less."""

    name = "kind=number"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[FaultKind, float]:
        kind, _, number = str(value).partition("=")
        if kind not in list(FaultKind):
            self.fail(f"no such kind; there are: {', '.join(FaultKind)}", param, ctx)
        if not re.fullmatch(r"\d+(\.\d+)?", number):
            self.fail(f"a number of 0 or more behind {kind}=", param, ctx)
        return FaultKind(kind), float(number)


@click.command()
@click.option(
    "--seeds",
    type=_ONE_OR_MORE,
    default=1000,
    show_default=True,
    help="How many histories to play.",
)
@click.option(
    "--start", type=click.IntRange(0), default=0, show_default=True, help="The first seed."
)
@click.option(
    "--workers",
    type=_ONE_OR_MORE,
    default=os.cpu_count() or 1,
    show_default=True,
    help="Processes.",
)
@click.option("--faults", type=FaultNumbers(), help="Keep only these faults of a single seed.")
@click.option(
    "--rate", "rates", type=KindRate(), multiple=True, help="How often a kind of fault comes."
)
@click.option("--json", "as_json", is_flag=True, help="End with one line of JSON.")
def simulate(
    seeds: int,
    start: int,
    workers: int,
    faults: frozenset[int] | None,
    rates: tuple[tuple[FaultKind, float], ...],
    as_json: bool,
) -> None:
    """Play kitchens in virtual time, with everything going wrong, and check what was promised."""
    wanted = dict(rates)
    if faults is not None:
        sys.exit(_replay(start, faults, wanted))
    console = Console(stderr=True)
    began = time.perf_counter()
    tally = Tally()
    with _bar(console) as progress:
        task = progress.add_task("histories", total=seeds, broken=0)
        for part in _parts(start, seeds, workers, wanted):
            tally.merge(part)
            progress.update(task, completed=tally.seeds, broken=tally.violations)
    seconds = time.perf_counter() - began
    if tally.broken:
        _explain(min(tally.broken), wanted)
    if as_json:
        click.echo(json.dumps(tally.as_json(seconds), ensure_ascii=False))
    else:
        _print_tally(tally, seconds)
    sys.exit(1 if tally.violations else 0)


def play_seeds(seeds: Sequence[int], rates: Mapping[FaultKind, float] = _USUAL_RATES) -> Tally:
    """The tally of these seeds, in this process. `rates`: see `faults.draw`."""
    tally = Tally()
    with one_thread():
        setup = setup_of_this_process()
        with garbage_collected_rarely():
            for seed in seeds:
                tally.add(play(setup, draw_script(seed, rates)))
    return tally


def _parts(
    start: int, seeds: int, workers: int, rates: Mapping[FaultKind, float]
) -> Iterator[Tally]:
    end = start + seeds
    played = partial(play_seeds, rates=rates)
    chunks = [range(first, min(first + _CHUNK, end)) for first in range(start, end, _CHUNK)]
    if workers == 1 or len(chunks) == 1:
        yield from map(played, chunks)
        return
    with get_context("spawn").Pool(workers) as pool:
        yield from pool.imap_unordered(played, chunks)


def _explain(seed: int, rates: Mapping[FaultKind, float]) -> None:
    """Shrink a broken history. Print the line that plays it again, and its timeline."""
    with one_thread():
        result = play(setup_of_this_process(), draw_script(seed, rates))
        if not result.violations:
            click.echo(f"seed {seed} is not broken when played again: it hangs on chance", err=True)
            return
        result = shrunk(setup_of_this_process(), result)
    for violation in result.violations:
        click.echo(str(violation), err=True)
    click.echo(result.timeline, err=True)
    click.echo(replay_line(result))


def _replay(seed: int, faults: frozenset[int], rates: Mapping[FaultKind, float]) -> int:
    with one_thread():
        script = draw_script(seed, rates).keeping(faults)
        result = play(setup_of_this_process(), script, tell=True)
    click.echo(result.timeline)
    for violation in result.violations:
        click.echo(str(violation))
    return 1 if result.violations else 0


def _print_tally(tally: Tally, seconds: float) -> None:
    told = tally.as_json(seconds)
    click.echo(f"{told['seeds']} histories, {told['histories_per_second']} a second")
    click.echo(f"{told['virtual_hours']} hours of kitchen, {told['jobs_finished']} jobs finished")
    for kind, count in tally.faults.most_common():
        click.echo(f"{count:>9}  {kind}")
    click.echo(f"largest shortfall: {told['largest_shortfall_slices']} slices a crash")
    click.echo(f"violations: {told['violations']}")


@contextmanager
def _bar(console: Console) -> Generator[Progress]:
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=40),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("broken {task.fields[broken]}"),
        console=console,
    ) as progress:
        yield progress
