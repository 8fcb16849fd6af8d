"""Measure how exactly a relay keeps to its planned time, with the journal and without."""

import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import click

from benchmarks.harness.process import priority
from yaguts.services.firmware.kept_tree import kept_tree

ROOT = Path(__file__).parents[1]
MICROPYTHON = ROOT / ".venv-micropython/bin/micropython"
HEAP = "64wK"
SHORTEST_MS, LONGEST_MS = 300, 8_000
IN_TURN = 15
START_S = 10
"""Loading the firmware keeps the processor busy. All dispensers have so long for it."""


@click.command()
@click.option("--doses", default=300, show_default=True, help="From 0.3 to 8 seconds each.")
def main(doses: int) -> None:
    """Pour them in several dispensers at once, each dose with the journal and without."""
    step = (LONGEST_MS - SHORTEST_MS) / (doses - 1)
    planned = [round(SHORTEST_MS + number * step) for number in range(doses)]
    dispensers = -(-doses // IN_TURN)
    begin_at = int(time.time()) + START_S
    with priority(), tempfile.TemporaryDirectory() as folder:
        # Each dispenser gets short doses and long ones, so that all end at about the same time.
        started = [
            start(f"{folder}/{number}", planned[number::dispensers], begin_at)
            for number in range(dispensers)
        ]
        measured = [dose for process in started for dose in measured_by(process)]
    assert len(measured) == doses
    _tell(measured, dispensers)


def start(folder: str, doses: Sequence[int], begin_at: int = 0) -> subprocess.Popen[str]:
    """Start a dispenser that pours these doses (milliseconds) from an instant on (unix seconds)."""
    if not MICROPYTHON.exists():
        raise click.ClickException("No micropython here: `make setup` brings one.")
    command = [str(MICROPYTHON), "-X", f"heapsize={HEAP}", str(ROOT / "benchmarks/pours.py")]
    return subprocess.Popen(
        [*command, folder, str(begin_at), *map(str, doses)],
        env={**os.environ, "MICROPYPATH": f".frozen:{kept_tree()}"},
        stdout=subprocess.PIPE,
        text=True,
    )


def measured_by(process: subprocess.Popen[str]) -> list[dict[str, float]]:
    """Wait for the end. What it measured of each dose: see `pours`. `ClickException` on failure."""
    output, _ = process.communicate()
    if process.returncode:
        raise click.ClickException(output)
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def _tell(measured: Sequence[dict[str, float]], dispensers: int) -> None:
    click.echo(f"{len(measured)} doses on {dispensers} dispensers, relay-on time less plan:")
    worst = {}
    for how in ("bare", "journaled"):
        errors = [abs(dose[how] - dose["plan"]) for dose in measured]
        worst[how] = max(errors)
        median = statistics.median(errors)
        click.echo(f"{how:>10}: median {median:.2f} ms, worst {worst[how]:.2f} ms")
    click.echo(f"the journal adds {worst['journaled'] - worst['bare']:.2f} ms to the worst")


if __name__ == "__main__":
    main()
