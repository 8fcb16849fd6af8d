"""Recipes become doses, or all the reasons why they can't."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import a_jar, a_recipe, some_jars
from yaguts.domain.jobs.planning import (
    LONGEST_OPEN,
    Need,
    NoJar,
    NotCalibrated,
    OutOfReach,
    Plan,
    PlannedDose,
    TooLittle,
    TooLong,
    TooSmall,
    jar_for,
    plan,
    plan_needs,
)
from yaguts.domain.recipe import Ingredient, Jar, Recipe
from yaguts.domain.units import MicrogramsPerSecond, Milligrams, Milliseconds


def test_a_recipe_is_scaled_to_the_people_at_table() -> None:
    planned = plan(a_recipe(portions=2, Sal=4.5, Pimenta=1.5), 4, some_jars("Sal", "Pimenta"))

    assert isinstance(planned, Plan)
    doses = [(d.order, d.jar, d.spice, d.quantity, d.duration) for d in planned.doses]
    assert doses == [(1, 1, "Sal", 9000, 9000), (2, 2, "Pimenta", 3000, 3000)]


def test_seconds_follow_the_jars_rate_to_the_millisecond() -> None:
    jars = [a_jar(rate=MicrogramsPerSecond(833_300))]

    planned = plan(a_recipe(portions=1, Sal=4.5), 1, jars)

    assert isinstance(planned, Plan)
    assert planned.doses[0].duration == 5400  # 4.5 / 0.8333 = 5.40021…


@pytest.mark.parametrize("label", ["sal", "SAL", " Sal "])
def test_names_match_without_regard_to_case(label: str) -> None:
    assert isinstance(plan(a_recipe(Sal=1), 2, [a_jar(label=label)]), Plan)
    assert jar_for("ORÉGANO", [a_jar(label="orégano")]) is not None


def test_of_several_jars_a_calibrated_one_serves_then_the_lowest_number() -> None:
    jars = [a_jar(1, rate=None), a_jar(3), a_jar(2)]

    chosen = jar_for("Sal", jars)

    assert chosen is not None
    assert chosen.number == 2
    assert jar_for("Sal", jars[:1]) == jars[0]


def test_everything_that_is_missing_is_named_at_once() -> None:
    recipe = a_recipe(2, Sal=4.5, Cominho=1, Pimenta=20, Orégano=300, Canela=0.0004)
    jars = [
        a_jar(1, "Sal", stock=Milligrams(8_999)),
        a_jar(2, "Pimenta", rate=None, stock=Milligrams(0)),
        a_jar(3, "Orégano"),
        a_jar(4, "Canela"),
    ]

    assert plan(recipe, 4, jars) == (
        NoJar("Cominho"),
        NotCalibrated(2, "Pimenta"),
        TooSmall("Canela"),
        TooLong(3, "Orégano", Milliseconds(600_000)),
        TooLittle(1, "Sal", Milligrams(9_000), Milligrams(8_999)),
        TooLittle(2, "Pimenta", Milligrams(40_000), Milligrams(0)),
        TooLittle(3, "Orégano", Milligrams(600_000), Milligrams(100_000)),
    )


def test_a_jar_in_reach_of_the_board_comes_first() -> None:
    far, near = a_jar(5, in_reach=False), a_jar(7, rate=None)

    assert jar_for("Sal", [far, near]) == near
    assert plan(a_recipe(1, Sal=1), 1, [far]) == (OutOfReach(5, "Sal"),)


def test_what_is_held_for_other_jobs_cannot_be_ordered() -> None:
    jars = [a_jar(stock=Milligrams(10_000), held=Milligrams(8_000))]

    assert plan(a_recipe(1, Sal=3), 1, jars) == (
        TooLittle(1, "Sal", Milligrams(3_000), Milligrams(2_000)),
    )


def test_two_ingredients_share_what_their_jar_holds() -> None:
    twice = Recipe("x", 1, (Ingredient("Sal", Milligrams(600)), Ingredient("sal", Milligrams(600))))
    jars = [a_jar(stock=Milligrams(1_000))]

    assert plan(twice, 1, jars) == (TooLittle(1, "Sal", Milligrams(1_200), Milligrams(1_000)),)


def test_a_jar_whose_stock_nobody_knows_can_be_ordered_from() -> None:
    assert isinstance(plan(a_recipe(Sal=50), 2, [a_jar(stock=None)]), Plan)


def test_a_dose_may_last_three_minutes_and_no_longer() -> None:
    jars = [a_jar(stock=None)]

    assert isinstance(plan(a_recipe(1, Sal=180), 1, jars), Plan)
    assert plan(a_recipe(1, Sal=180.001), 1, jars) == (TooLong(1, "Sal", Milliseconds(180_001)),)


def test_a_jar_may_be_open_three_minutes_in_one_order_over_all_its_doses() -> None:
    jars = [a_jar(stock=None)]

    def twice(quantity: int) -> Recipe:
        part = Ingredient("Sal", Milligrams(quantity))
        return Recipe("x", 1, (part, Ingredient("sal", Milligrams(90_000))))

    assert isinstance(plan(twice(90_000), 1, jars), Plan)
    assert plan(twice(90_001), 1, jars) == (TooLong(1, "Sal", Milliseconds(180_001)),)


jar_numbers = st.integers(1, 16)
spices = st.sampled_from(["Sal", "sal", "Pimenta", "Orégano", "Cominho"])
any_jar = st.builds(
    Jar,
    number=jar_numbers,
    label=st.none() | spices,
    rate=st.none() | st.integers(1_000, 100_000_000),
    stock=st.none() | st.integers(-1_000, 1_000_000),
    held=st.integers(0, 100_000),
)
any_jars = st.lists(any_jar, max_size=8, unique_by=lambda jar: jar.number)
any_recipe = st.builds(
    Recipe,
    name=st.just("x"),
    portions=st.integers(1, 20),
    ingredients=st.lists(
        st.builds(Ingredient, spices, st.integers(100, 500_000)), min_size=1, max_size=6
    ).map(tuple),
)


@given(any_recipe, st.integers(1, 100), any_jars)
def test_a_plan_keeps_to_the_recipe_and_to_what_the_jars_hold(
    recipe: Recipe, people: int, jars: list[Jar]
) -> None:
    planned = plan(recipe, people, jars)

    if not isinstance(planned, Plan):
        assert planned
        return
    by_number = {jar.number: jar for jar in jars}
    assert len(planned.doses) == len(recipe.ingredients)
    for order, (dose, wanted) in enumerate(
        zip(planned.doses, recipe.ingredients, strict=True), start=1
    ):
        jar, exact = by_number[dose.jar], Fraction(wanted.quantity * people, recipe.portions)
        assert (dose.order, jar) == (order, jar_for(wanted.spice, jars))
        assert abs(dose.quantity - exact) <= Fraction(1, 2)
        assert jar.rate is not None
        assert abs(Fraction(dose.quantity * 10**6, jar.rate) - dose.duration) <= Fraction(1, 2)
        assert 1 <= dose.duration <= LONGEST_OPEN
    for jar in jars:
        poured = sum(dose.quantity for dose in planned.doses if dose.jar == jar.number)
        assert not poured or jar.available is None or poured <= jar.available
        times = [dose.duration for dose in planned.doses if dose.jar == jar.number]
        assert sum(times) <= LONGEST_OPEN


@given(any_recipe, st.integers(1, 100), any_jars)
def test_every_ingredient_without_a_jar_is_named(
    recipe: Recipe, people: int, jars: list[Jar]
) -> None:
    planned = plan(recipe, people, jars)

    reasons = () if isinstance(planned, Plan) else planned
    homeless = [i.spice for i in recipe.ingredients if jar_for(i.spice, jars) is None]
    assert [reason.spice for reason in reasons if isinstance(reason, NoJar)] == homeless


def test_what_has_no_jar_may_be_left_to_the_hand() -> None:
    recipe = a_recipe(2, Louro=1.0, Sal=4.0, Canela=0.5)

    planned = plan(recipe, 4, some_jars("Sal"), by_hand=True)

    assert isinstance(planned, Plan)
    assert [(dose.order, dose.spice) for dose in planned.doses] == [(1, "Sal")]
    assert [(part.spice, part.quantity) for part in planned.by_hand] == [
        ("Louro", 2000),
        ("Canela", 1000),
    ]


def test_the_hand_makes_up_for_no_other_lack() -> None:
    recipe = a_recipe(1, Louro=1.0, Sal=4.0)

    planned = plan(recipe, 1, [a_jar(rate=None)], by_hand=True)

    assert planned == (NotCalibrated(1, "Sal"),)


def test_a_dish_that_is_all_hand_is_no_order() -> None:
    assert plan(a_recipe(Louro=1.0), 1, some_jars("Sal"), by_hand=True) == (NoJar("Louro"),)


def test_the_smallest_dose_is_a_milligram_in_a_millisecond() -> None:
    slow = a_jar(rate=MicrogramsPerSecond(1_000_000))
    fast = a_jar(rate=MicrogramsPerSecond(10_000_000))
    slowest = a_jar(rate=MicrogramsPerSecond(1))

    assert plan_needs([Need("Sal", Milligrams(1), slow)]) == Plan(
        (PlannedDose(1, 1, "Sal", Milligrams(1), Milliseconds(1)),)
    )
    assert plan_needs([Need("Sal", Milligrams(1), fast)]) == (TooSmall("Sal"),)
    assert plan_needs([Need("Sal", Milligrams(0), slowest)]) == (TooSmall("Sal"),)
