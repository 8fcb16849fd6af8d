"""Columns of stacked amounts."""

import pytest

from yaguts.web.views.columns import HEIGHT, LEFT, TOP, WIDTH, stacked


def test_parts_stand_on_each_other_within_the_drawing() -> None:
    plot = stacked([(0, 1000), (500, 4000)])

    assert [part.row for part in plot.segments] == [1, 0, 1]
    first, salt, pepper = plot.segments
    assert first.x < salt.x == pepper.x
    assert salt.y + salt.height == TOP + HEIGHT  # It stands on the ground line.
    assert pepper.y + pepper.height == salt.y
    assert pepper.y == TOP  # The top of the scale is 5 g.
    assert first.x > LEFT
    assert salt.x + salt.width < LEFT + WIDTH


@pytest.mark.parametrize(
    ("most", "top"), [(0, 1000), (999, 1000), (1001, 2000), (4000, 5000), (5001, 10_000)]
)
def test_the_scale_ends_at_a_round_amount(most: int, top: int) -> None:
    scale = stacked([(most, 0)]).scale

    assert [amount for _, amount in scale] == [0, top // 2, top]
    assert [y for y, _ in scale] == [TOP + HEIGHT, TOP + HEIGHT / 2, TOP]


def test_no_amounts_give_no_segments() -> None:
    assert stacked([]).segments == ()
