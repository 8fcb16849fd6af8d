"""Numbers that the documents promise or that people count on. A change of one is a decision."""

from datetime import timedelta
from types import ModuleType

import pytest

from tests.support.builders import a_job
from yaguts.domain import audit_log, clock, people
from yaguts.domain.ids import NO_KITCHEN
from yaguts.domain.jobs import deadlines, job, maintenance, planning, queue, report
from yaguts.domain.recipe import Ingredient, Jar, Recipe
from yaguts.domain.stock import calibration, levels, orphan_report
from yaguts.domain.units import Milligrams
from yaguts.services.delivery import handover
from yaguts.services.pantry import stock


@pytest.mark.parametrize(
    ("module", "name", "expected"),
    [
        (audit_log, "KEPT", timedelta(days=400)),
        (clock, "SKEW", timedelta(minutes=5)),
        (clock, "PACE", 2),
        (clock, "FAR", timedelta(hours=2)),
        (people, "INVITATION_LIFE", timedelta(days=3)),
        (deadlines, "LONGEST_SILENCE", timedelta(minutes=10)),
        (handover, "HEARD_EVERY", timedelta(seconds=30)),
        (job, "LONGEST_ERROR", 200),
        (maintenance, "PULSE", 1_000),
        (maintenance, "ROUNDS", 3),
        (maintenance, "MOST_PULSES", 16),
        (planning, "LONGEST_OPEN", 180_000),
        (queue, "MOST_JOBS", 20),
        (report, "ROUNDING", 1),
        (calibration, "ENOUGH", 3),
        (calibration, "LENGTHS", (2_000, 4_000, 6_000)),
        (calibration, "SLOWEST", 1_000),
        (calibration, "FASTEST", 100_000_000),
        (levels, "LOOKED_BACK", timedelta(days=30)),
        (levels, "LEAST_LOOKED_BACK", timedelta(days=7)),
        (levels, "FORECAST_DAYS", 99),
        (levels, "LOW_DAYS", 3),
        (levels, "LOW_PERCENT", 15),
        (orphan_report, "LAST_JAR", 16),
        (orphan_report, "HEAVIEST", 9_000_000),
        (orphan_report, "MOST_UNDECIDED", 50),
        (stock, "PAGE", 50),
    ],
)
def test_a_promised_number(module: ModuleType, name: str, expected: object) -> None:
    assert getattr(module, name) == expected


def test_what_is_not_said_is_nothing() -> None:
    """What the builders of other tests always say, code may leave out."""
    recipe = Recipe("Arroz", 2, (Ingredient("Sal", Milligrams(1)),))
    dose = job.Dose(1, 1, 1, "Sal", Milligrams(1), job.Milliseconds(1))

    assert (recipe.id, recipe.kitchen_id, recipe.ingredients[0].id, NO_KITCHEN) == (0, 0, 0, 0)
    assert (Jar(1).held, Jar(1).in_reach) == (0, True)
    a_new_one = a_job()
    assert (a_new_one.version, a_new_one.reported, a_new_one.review) == (1, False, False)
    assert (a_new_one.kind, a_new_one.asks) == (job.JobKind.RECIPE, False)
    assert (dose.resumes, dose.status, dose.fell_at_most_mg) == (0, job.DoseStatus.PENDING, None)
