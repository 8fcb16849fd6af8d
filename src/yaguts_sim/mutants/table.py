"""Every mutant, and how soon each is found: `python -m yaguts_sim.mutants.table`."""

import os
import sys
from multiprocessing import get_context

import click

from yaguts_sim.mutants.boards import BOARD_MUTANTS
from yaguts_sim.mutants.clocks import CLOCK_MUTANTS
from yaguts_sim.mutants.doses import DOSE_MUTANTS
from yaguts_sim.mutants.durability import DURABILITY_MUTANTS
from yaguts_sim.mutants.journal import JOURNAL_MUTANTS
from yaguts_sim.mutants.loop import LOOP_MUTANTS
from yaguts_sim.mutants.mutant import Found, found_by
from yaguts_sim.mutants.reports import REPORT_MUTANTS
from yaguts_sim.mutants.server import SERVER_MUTANTS
from yaguts_sim.server.harness import garbage_collected_rarely, one_thread
from yaguts_sim.setup.shared import setup_of_this_process

MUTANTS = {
    **DOSE_MUTANTS,
    **JOURNAL_MUTANTS,
    **LOOP_MUTANTS,
    **SERVER_MUTANTS,
    **REPORT_MUTANTS,
    **CLOCK_MUTANTS,
    **BOARD_MUTANTS,
    **DURABILITY_MUTANTS,
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(MUTANTS)))
@click.option("--workers", default=os.cpu_count() or 1, show_default=True, help="Processes.")
def main(names: tuple[str, ...], workers: int) -> None:
    """Say of each mutant, or of those named, after how many seeds it is found."""
    hidden = 0
    click.echo("| mutant | breaks | found with seed |")
    click.echo("|---|---|---|")
    with get_context("spawn").Pool(workers) as pool:
        for name, found in pool.imap(find, names or MUTANTS):
            hidden += found is None
            click.echo(f"| {name}: {MUTANTS[name].description} | {_told(found)} |")
    sys.exit(1 if hidden else 0)


def find(name: str) -> tuple[str, Found | None]:
    """How soon the mutant of this name is found. The name comes first."""
    return _find(name, 0)


def find_in_short(name: str) -> tuple[str, Found | None]:
    """The same, without the seeds before which it is rare."""
    return _find(name, MUTANTS[name].rare_before)


def _find(name: str, first: int) -> tuple[str, Found | None]:
    with one_thread():
        setup = setup_of_this_process()
        with garbage_collected_rarely():
            return name, found_by(setup, MUTANTS[name], first)


def _told(found: Found | None) -> str:
    if found is None:
        return "hidden | -"
    promises = sorted({violation.promise for violation in found.violations})
    return f"{', '.join(promises)} | {found.seeds}"


if __name__ == "__main__":
    main()
