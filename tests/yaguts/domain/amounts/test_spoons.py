"""The kitchen's own weighing comes before the table."""

from fractions import Fraction

from yaguts.domain.amounts.densities import OWN_SCALE, density_of
from yaguts.domain.amounts.measures import Amount, Unit
from yaguts.domain.amounts.spoons import WeighedSpoon
from yaguts.domain.amounts.weight import SpiceWeight, weight_of
from yaguts.domain.ingredients.line import read_line
from yaguts.domain.ingredients.sorting import Adds, sort_line
from yaguts.domain.units import Milligrams

SPOONS = (
    WeighedSpoon("Canela", Unit.TABLESPOON, Milligrams(7_500)),
    WeighedSpoon("Cominho", Unit.TEASPOON, Milligrams(2_400)),
)
TEASPOONS = Amount(Fraction(2), Unit.TEASPOON)


def test_one_spoon_tells_of_all_volumes() -> None:
    own = density_of("CANELA", SPOONS)

    assert own is not None
    assert (own.grams_per_ml, own.source, own.verified) == (Fraction(1, 2), OWN_SCALE, True)
    assert weight_of(TEASPOONS, "canela", SPOONS) == SpiceWeight(Fraction(5))
    assert weight_of(TEASPOONS, "Sal", SPOONS) == SpiceWeight(Fraction(12))


def test_a_guess_is_sure_once_the_cook_has_weighed() -> None:
    assert weight_of(TEASPOONS, "Cominho") == SpiceWeight(Fraction("4.2"), sure=False)
    assert weight_of(TEASPOONS, "Cominho", SPOONS) == SpiceWeight(Fraction("4.8"))


def test_lines_from_elsewhere_use_it_too() -> None:
    line = read_line("1 colher de chá de cominho moído", "pt_BR")

    assert sort_line(line, ["Cominho"]).adds is Adds.ASKED
    read = sort_line(line, ["Cominho"], SPOONS)
    assert (read.adds, read.spice, read.quantity) == (Adds.MACHINE, "Cominho", 2_400)
