"""How many histories the simulator plays on one core, next to how fast that core is."""

import time

import click

from yaguts_sim.run import play_seeds

LOOPS = 10_000_000


@click.command()
@click.option("--seeds", default=1000, show_default=True, help="How many histories to play.")
def main(seeds: int) -> None:
    """CPU seconds, because others may be at work on this machine."""
    play_seeds(range(20))  # builds the stage
    before = _loop_s()
    began = time.process_time()
    tally = play_seeds(range(seeds))
    seconds = time.process_time() - began
    after = _loop_s()
    click.echo(f"{seeds} histories, {seeds / seconds:.1f} a CPU second")
    click.echo(f"{LOOPS} empty loops take {before:.3f} s before and {after:.3f} s after")
    click.echo(f"{tally.violations} violations, {tally.jobs} jobs finished")


def _loop_s() -> float:
    began = time.process_time()
    for _ in range(LOOPS):
        pass
    return time.process_time() - began


if __name__ == "__main__":
    main()
