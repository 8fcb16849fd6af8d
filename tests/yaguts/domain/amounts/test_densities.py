"""What a spoon of a spice weighs."""

from fractions import Fraction

import pytest

from yaguts.domain.amounts import densities
from yaguts.domain.amounts.densities import density_of
from yaguts.domain.amounts.measures import MILLILITRES, Unit
from yaguts.domain.recipe import search_key
from yaguts_wire.words import BASE_SPICES


@pytest.mark.parametrize(
    ("spice", "teaspoon_g"),
    [("Canela em pó", "2.6"), ("NOZ-MOSCADA", "2.2"), ("Noz moscada", "2.2"), ("Salt", "6"),
     ("orégano", "1"), ("Pimenta-do-reino", "2.3"), ("turmeric", "3")],
)  # fmt: skip
def test_a_teaspoon_weighs_what_the_source_says(spice: str, teaspoon_g: str) -> None:
    density = density_of(spice)

    assert density is not None
    assert density.verified
    assert density.grams_per_ml * MILLILITRES[Unit.TEASPOON] == Fraction(teaspoon_g)


def test_what_nobody_has_read_is_marked() -> None:
    ground = density_of("Cominho")

    assert ground is not None
    assert not ground.verified
    assert ground.source == densities.NO_SOURCE
    assert density_of("unobtainium") is None


def test_the_spices_of_the_base_list_are_known() -> None:
    assert all(density_of(spice) for spice in BASE_SPICES)


def test_names_can_be_found_and_stand_once() -> None:
    names = [
        name.strip()
        for *_, listed in (*densities._TEASPOONS, *densities._UNVERIFIED)  # noqa: SLF001
        for name in listed.split(";")
    ]

    assert len(names) == len(set(names))
    assert all(density_of(name) for name in names)
    assert all(name == search_key(name).replace("-", " ") for name in names)
