"""Measure how fast the server is and what it takes: all of it, or a part, as one table.

    python -m benchmarks                 everything, into docs/performance.md and scale.md
    python -m benchmarks idle_poll       a part
    python -m benchmarks --small         quickly; fails when a figure is half as good as it was

Loopback only. Nothing else should run meanwhile.
"""

import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import import_module

import click

from benchmarks.harness import scale
from benchmarks.harness.figures import Figure, halved, kept, table
from benchmarks.harness.machine import described
from benchmarks.harness.page import PAGE, between, replaced

PARTS = (
    "idle_poll",
    "lifecycles",
    "tap_to_relay",
    "held_polls",
    "seeds",
    "cold_start",
    "watching",
    "live_page",
    "unit_costs",
)
SMALL_PARTS = ("idle_poll", "lifecycles", "held_polls", "seeds")
"""Those with figures that other work hardly changes."""


def measured(parts: Sequence[str], *, small: bool) -> list[Figure]:
    """The figures of these parts, each of which tells the terminal when it is done."""
    figures: list[Figure] = []
    for part in parts:
        began = time.monotonic()
        measure: Callable[..., list[Figure]] = import_module(f"benchmarks.parts.{part}").measure
        figures += measure(small=small)
        click.echo(f"{part}: {time.monotonic() - began:.0f} s", err=True)
    return figures


def told(figures: Sequence[Figure]) -> str:
    """What the page says: when, by which command, on what, and the table."""
    lacking = [figure.what for figure in figures if not figure.is_as_wanted]
    verdict = "All are as wanted." if not lacking else f"Not as wanted: {'; '.join(lacking)}."
    when = f"{datetime.now(UTC):%Y-%m-%d}, `python -m benchmarks`:"
    return "\n".join([when, "", described(), "", table(figures), "", verdict])


def keep(figures: Sequence[Figure]) -> None:
    """Write both pages: what was measured, and what so many kitchens would take of it."""
    PAGE.write_text(replaced(PAGE.read_text("utf-8"), told(figures)), "utf-8")
    needed = scale.needed(kept(table(figures)))
    scale.PAGE.write_text(replaced(scale.PAGE.read_text("utf-8"), needed), "utf-8")


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice(PARTS))
@click.option("--small", is_flag=True, help="Less of everything, against the kept figures.")
def main(parts: Sequence[str], small: bool) -> None:
    """Measure these parts, or all."""
    figures = measured(parts or (SMALL_PARTS if small else PARTS), small=small)
    click.echo(table(figures))
    if small:
        worse = halved(figures, kept(between(PAGE.read_text("utf-8"))))
        for sentence in worse:
            click.echo(f"Half as good as it was: {sentence}", err=True)
        sys.exit(bool(worse))
    if not parts:
        keep(figures)


if __name__ == "__main__":
    main()
