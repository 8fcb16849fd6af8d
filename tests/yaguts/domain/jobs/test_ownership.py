"""A job is its kitchen's and its dispenser's, and nobody else's."""

import pytest

from tests.support.builders import a_job
from yaguts.domain.errors import NotFound, NotYours
from yaguts.domain.ids import KitchenId
from yaguts.domain.jobs.ownership import of_dispenser, of_kitchen

JOB = a_job(kitchen_id=KitchenId(3), dispenser_id=5)


def test_its_own_get_it() -> None:
    assert of_kitchen(JOB, KitchenId(3)) is JOB
    assert of_dispenser(JOB, 5) is JOB


def test_another_kitchen_is_not_told_that_it_exists() -> None:
    with pytest.raises(NotFound) as refused:
        of_kitchen(JOB, KitchenId(5), "run")

    assert refused.value.fields == {"what": "run"}


def test_another_dispenser_is_told_that_it_is_not_its() -> None:
    with pytest.raises(NotYours):
        of_dispenser(JOB, 3)
