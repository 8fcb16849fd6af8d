"""Whether a database went back in time."""

import pytest

from yaguts.domain.high_water_mark import Mark, went_back

KEPT = Mark(epoch=2, name="b", movement=40)


@pytest.mark.parametrize(
    ("seen", "back"),
    [
        (KEPT, False),
        (Mark(2, "b", 41), False),
        (Mark(2, "b", 39), True),
        (Mark(2, "other", 50), True),  # restored from the same copy once more
        (Mark(1, "a", 99), True),
        (Mark(3, "c", 1), False),  # another server has seen to it already
    ],
)
def test_a_database_went_back_or_came_further(seen: Mark, back: bool) -> None:
    assert went_back(KEPT, seen) == back


def test_without_a_mark_nobody_can_tell() -> None:
    assert not went_back(None, Mark())


def test_a_new_database_has_come_nowhere() -> None:
    assert Mark() == Mark(epoch=0, name="", movement=0)
