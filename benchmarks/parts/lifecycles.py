"""How many lifecycles a second 64 dispensers get, against `sqlite3` alone with the same rows."""

import asyncio
import statistics
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.harness.figures import Figure
from benchmarks.harness.kitchens import furnish, sqlite_in
from benchmarks.harness.lifecycle import Living, closed, connected, together
from benchmarks.harness.server import Server, running
from benchmarks.parts.durable_loop import DurableLoop, Rows, marks, rows_since

DISPENSERS = 64
ROUNDS = 5
WANTED = 0.3
MOST_WAITING = 3.0


def measure(*, small: bool = False) -> list[Figure]:
    """The ratio of the two, and how much longer than the median a dispenser waits at worst."""
    with TemporaryDirectory(prefix="yaguts-bench-") as made:
        folder = Path(made)
        dispensers = furnish(sqlite_in(folder), DISPENSERS)
        with running(folder) as server, asyncio.Runner() as runner:
            all_living = runner.run(connected(server.port, dispensers))
            rows = _rows_of_one(folder / "yaguts.db", all_living[0], runner)
            loop = DurableLoop(folder / "yaguts.db", folder / "loop.db", rows)
            with closing(loop):
                figures = _compared(server, all_living, loop, rows, runner, small=small)
            runner.run(closed(all_living))
    return figures


def _rows_of_one(file: Path, living: Living, runner: asyncio.Runner) -> Rows:
    runner.run(living.once())
    before = marks(file)
    runner.run(living.once())
    return rows_since(file, before)


def _compared(
    server: Server,
    all_living: list[Living],
    loop: DurableLoop,
    rows: Rows,
    runner: asyncio.Runner,
    *,
    small: bool,
) -> list[Figure]:
    runner.run(together(all_living, 1))
    times, ours, theirs, each, cpu_s = 1 if small else 6, [], [], [], 0.0
    for _ in range(ROUNDS):
        before_s = server.cpu_s()
        lived = runner.run(together(all_living, times))
        cpu_s += server.cpu_s() - before_s
        ours.append(lived.a_second)
        each += lived.each_s
        theirs.append(loop.a_second(100 if small else 1_000))
    middle, worst = statistics.median(each), max(each)
    shares = [one / other for one, other in zip(ours, theirs, strict=True)]
    rates = (
        f"{statistics.median(ours):.0f} and {statistics.median(theirs):.0f} a second, "
        f"{DISPENSERS} dispensers, {rows.count} rows each"
    )
    waits = f"{middle * 1000:.0f} ms in the median, {worst * 1000:.0f} ms at worst"
    share, cpu_ms = statistics.median(shares), cpu_s / len(each) * 1000
    return [
        Figure("lifecycles ÷ durable sqlite3 loop", share, " ×", rates, WANTED, at_most=False),
        Figure("worst lifecycle ÷ the median", worst / middle, " ×", waits, MOST_WAITING),
        Figure(
            "processor time of a lifecycle", cpu_ms, " ms", "the server's, 8 calls", steady=True
        ),
    ]
