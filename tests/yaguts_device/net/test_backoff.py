"""Two dispensers that lost the same server do not come back in step."""

from random import Random

import pytest

from yaguts_device.net.backoff import backoff_ms, jittered_ms


class Chance:
    """The one thing that is asked of the board here."""

    def __init__(self, seed: int) -> None:
        self.random_bits = Random(seed).getrandbits


@pytest.mark.parametrize(
    ("failures", "middle_ms"), [(1, 1000), (2, 2000), (5, 16_000), (6, 30_000), (1000, 30_000)]
)
def test_pauses_grow_to_half_a_minute(failures: int, middle_ms: int) -> None:
    pauses = [backoff_ms(Chance(seed), failures) for seed in range(200)]  # type: ignore[arg-type]

    assert middle_ms * 0.75 <= min(pauses) < middle_ms * 0.8
    assert middle_ms * 1.2 < max(pauses) <= middle_ms * 1.25


def test_no_two_dispensers_keep_step() -> None:
    pauses = {jittered_ms(Chance(seed), 30_000) for seed in range(100)}  # type: ignore[arg-type]

    assert len(pauses) > 80
