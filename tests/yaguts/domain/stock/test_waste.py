"""What a job without a dish leaves in the jars."""

from dataclasses import replace
from typing import Any

import pytest

from tests.support.builders import a_dose, a_job
from yaguts.domain.stock.waste import capped_by_stock, jars_of_unknown_stock
from yaguts.domain.units import Milligrams, Milliseconds


@pytest.mark.parametrize(
    ("reported", "stock", "expected"),
    [
        ((900, 800), 1000, (900, 800)),
        ((900, 800), 850, (850, 800)),
        ((900, 800), 700, (700, 700)),
        ((900, 800), 1, (1, 1)),
        ((900, 800), 0, (0, 0)),
        ((900, 800), -5, (0, 0)),
        ((900, 800), None, (900, 0)),
        ((None, None), 1000, (None, None)),
        ((None, None), 0, (0, 0)),
        ((None, None), None, (None, None)),
        ((900, None), 700, (900, None)),
        ((None, 800), 700, (None, 800)),
    ],
)
def test_no_more_falls_than_was_in_the_jar(
    reported: tuple[Any, Any], stock: Any, expected: tuple[Any, Any]
) -> None:
    most, least = reported
    job = replace(a_job(), doses=(a_dose(fell_at_most_mg=most, fell_at_least_mg=least),))

    (dose,) = capped_by_stock(job, {1: stock}).doses

    assert (dose.fell_at_most_mg, dose.fell_at_least_mg) == expected


def test_a_jar_that_ran_by_time_without_a_weight_is_of_unknown_stock() -> None:
    by_time = {"quantity": Milligrams(0), "duration": Milliseconds(1000)}
    weighed = a_dose(2, **by_time, fell_at_most_mg=Milligrams(0))
    job = replace(a_job(), doses=(a_dose(1, **by_time), weighed, a_dose(3)))

    assert jars_of_unknown_stock(job) == {1}
