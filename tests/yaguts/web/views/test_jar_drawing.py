"""Jars as drawings."""

import pytest

from yaguts.web.views.jar_drawing import depth, surface, tone


@pytest.mark.parametrize(
    ("spice", "colour"),
    [
        ("Sal", "salt"),
        ("SAL GROSSO", "salt"),
        ("Orégano", "oregano"),
        ("Pimenta", "pepper"),
        ("Pimenta calabresa", "paprika"),
        ("Páprica doce", "paprika"),
        ("Noz-moscada", "cinnamon"),
        ("salsa", "bay"),
        (None, "none"),
    ],
)
def test_a_spice_has_its_own_colour(spice: str | None, colour: str) -> None:
    assert tone(spice) == colour


def test_an_unknown_spice_has_always_the_same_colour() -> None:
    assert tone("Zaatar") == tone("ZAATAR ") != "none"


def test_a_jar_with_anything_in_it_shows_something() -> None:
    assert depth(0) == depth(None) == 0
    assert depth(1) > 0
    assert depth(100) == depth(140)
    assert surface(100) < surface(50) < surface(0)
