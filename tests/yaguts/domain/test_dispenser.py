"""What a server knows of a dispenser without asking it."""

from datetime import timedelta

import pytest

from tests.support.builders import NOW
from yaguts.domain.dispenser import Dispenser, reaches
from yaguts.domain.dispenser_settings import SETTINGS, DispenserSettings
from yaguts.domain.ids import KitchenId
from yaguts.domain.recipe import Motor

ONE_MICROSECOND = timedelta(microseconds=1)


def a_dispenser(seen: timedelta | None = None, token: timedelta | None = None) -> Dispenser:
    """Seen so long ago, with a token of this age."""
    return Dispenser(
        id=1,
        kitchen_id=KitchenId(1),
        is_default=True,
        uid="b" * 12,
        token_hash=None if token is None else "h",
        token_since=None if token is None else NOW - token,
        firmware="0.2.0",
        last_seen_at=None if seen is None else NOW - seen,
        motor=Motor(),
    )


def test_it_is_online_for_ninety_seconds_after_it_was_heard_of() -> None:
    assert a_dispenser(seen=timedelta()).online(NOW)
    assert a_dispenser(seen=timedelta(seconds=90) - ONE_MICROSECOND).online(NOW)
    assert not a_dispenser(seen=timedelta(seconds=90)).online(NOW)
    assert not a_dispenser().online(NOW)


def test_its_token_is_renewed_at_ninety_days() -> None:
    assert not a_dispenser(token=timedelta(days=90) - ONE_MICROSECOND).wants_token(NOW)
    assert a_dispenser(token=timedelta(days=90)).wants_token(NOW)
    assert a_dispenser(token=timedelta()).paired
    assert not a_dispenser().paired


@pytest.mark.parametrize(
    ("firmware", "jar", "expected"),
    [
        ("0.1.4", 4, True),
        ("0.1.4", 5, False),
        ("0.10.0", 5, True),
        ("0.2.0", 16, True),
        (None, 16, True),
    ],
)
def test_firmware_0_1_moves_four_jars(firmware: str | None, jar: int, expected: bool) -> None:
    assert reaches(firmware, jar) == expected


def test_a_new_one_neither_queues_nor_asks_and_runs_its_motor_as_0_1_did() -> None:
    assert DispenserSettings() == DispenserSettings(queues=False, asks=False)
    assert list(SETTINGS) == ["queues", "asks"]
    assert Motor() == Motor(intensity=75, pre_start_ms=500, post_stop_ms=300, max_runtime_s=300)
