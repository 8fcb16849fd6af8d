"""Measure how many histories the simulator plays on one core, and how fast that core is."""

import json
import time
from dataclasses import dataclass

import click

from yaguts_sim.runner.command import play_seeds

STOCK = [{"frasco": jar, "estoque_g": jar / 8, "rotulo": "Pimenta"} for jar in range(100_000)]


@dataclass(frozen=True)
class Played:
    """How many histories were played in how many CPU seconds, and what came of them."""

    seeds: int
    seconds: float
    violations: int
    jobs: int

    @property
    def a_second(self) -> float:
        """How many histories one core plays in a second."""
        return self.seeds / self.seconds


def played(seeds: int) -> Played:
    """Play seeds and count CPU seconds, because this machine may have other work."""
    play_seeds(range(20))  # makes the setup first
    began = time.process_time()
    tally = play_seeds(range(seeds))
    return Played(seeds, time.process_time() - began, tally.violations, tally.jobs)


@click.command()
@click.option("--seeds", default=1000, show_default=True, help="How many histories to play.")
def main(seeds: int) -> None:
    """Play them, and pass a fixed piece of work before and after."""
    before = _yardstick_s()
    rate = played(seeds)
    after = _yardstick_s()
    click.echo(f"{seeds} histories, {rate.a_second:.1f} a CPU second")
    click.echo(
        f"{len(STOCK)} jars through JSON and back: {before:.2f} s before, {after:.2f} s after"
    )
    click.echo(f"{rate.violations} violations, {rate.jobs} jobs finished")


def _yardstick_s() -> float:
    """How long a fixed piece of work takes, in CPU seconds."""
    began = time.process_time()
    json.loads(json.dumps(STOCK))
    return time.process_time() - began


if __name__ == "__main__":
    main()
