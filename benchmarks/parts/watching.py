"""What metrics and logs add to the processor time of a dispenser's call for a job."""

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import watch_cost
from benchmarks.harness.figures import Figure


def measure(*, small: bool = False) -> list[Figure]:
    """The shares of a call, and the access log, which is only there if asked for."""
    with TemporaryDirectory(prefix="yaguts-bench-") as made:
        measured = watch_cost.measure(Path(made), 10 if small else 120)
    return [
        Figure(
            f"a poll's processor time for {what}",
            watch_cost.share_of(measured[one], measured[other]) * 100,
            " %",
            f"`{one}` against `{other}`, {watch_cost.CALLS} calls in turn",
        )
        for what, one, other in watch_cost.COMPARED
    ]
