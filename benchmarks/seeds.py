"""Measure how many histories the simulator plays on one core, and how fast that core is."""

import json
import time

import click

from yaguts_sim.runner.command import play_seeds

STOCK = [{"frasco": jar, "estoque_g": jar / 8, "rotulo": "Pimenta"} for jar in range(100_000)]


@click.command()
@click.option("--seeds", default=1000, show_default=True, help="How many histories to play.")
def main(seeds: int) -> None:
    """Play seeds and count CPU seconds, because this machine may have other work."""
    play_seeds(range(20))  # makes the setup first
    before = _yardstick_s()
    began = time.process_time()
    tally = play_seeds(range(seeds))
    seconds = time.process_time() - began
    after = _yardstick_s()
    click.echo(f"{seeds} histories, {seeds / seconds:.1f} a CPU second")
    click.echo(
        f"{len(STOCK)} jars through JSON and back: {before:.2f} s before, {after:.2f} s after"
    )
    click.echo(f"{tally.violations} violations, {tally.jobs} jobs finished")


def _yardstick_s() -> float:
    """How long a fixed piece of work takes, in CPU seconds."""
    began = time.process_time()
    json.loads(json.dumps(STOCK))
    return time.process_time() - began


if __name__ == "__main__":
    main()
