"""Who adds a line."""

import pytest

from yaguts.domain.amounts.measures import Unit, Unsure
from yaguts.domain.ingredients.line import read_line
from yaguts.domain.ingredients.sorting import Adds, Why, sort_line

CATALOGUE = ("Cominho", "Orégano", "Sal", "Fubá temperado")


@pytest.mark.parametrize(
    ("line", "spice", "quantity"),
    [
        ("2 g de fubá temperado", "Fubá temperado", 2000),
        ("1 colher de chá de oregano seco", "Orégano", 1000),
        ("1 colher (sopa) de sal", "Sal", 18_000),
        ("1 colher(sopa) de sal", "Sal", 18_000),
        ("1 colher de chá e meia de sal", "Sal", 9000),
        ("1 colher (sopa) de sal (15 g)", "Sal", 15_000),
        ("1 colher de chá de canela em pó", "canela em pó", 2600),
        ("0,25 g de sal", "Sal", 250),
    ],
)
def test_the_machine_adds_what_weighs_so_much(line: str, spice: str, quantity: int) -> None:
    read = sort_line(read_line(line, "pt_BR"), CATALOGUE)

    assert (read.adds, read.spice, read.quantity) == (Adds.MACHINE, spice, quantity)


@pytest.mark.parametrize("line", ["2 ovos", "1 xícara de leite", "2 folhas de louro", "farinha"])
def test_a_hand_adds_what_is_no_spice_or_is_counted(line: str) -> None:
    assert sort_line(read_line(line, "pt_BR"), CATALOGUE).adds is Adds.HAND


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("sal a gosto", Why.NO_AMOUNT),
        ("1 colher de sal", Why.UNSURE),
        ("2 a 3 g de sal", Why.UNSURE),
        ("1.000 g de sal", Why.UNSURE),
        ("200 g a 300 g de sal", Why.UNSURE),
        ("1 a 2 colheres e meia de chá de sal", Why.UNSURE),
        ("1 colher de chá de cominho", Why.DENSITY),
        ("0,0001 g de sal", Why.TOO_LITTLE),
        ("2 kg de sal", Why.TOO_MUCH),
    ],
)
def test_a_spice_is_asked_back_when_nobody_knows_how_much(line: str, why: Why) -> None:
    read = sort_line(read_line(line, "pt_BR"), CATALOGUE)

    assert (read.adds, read.why, read.quantity) == (Adds.ASKED, why, None)


@pytest.mark.parametrize("line", ["3 gotas de pimenta", "2 fios de azeite"])
def test_a_count_of_what_nobody_can_weigh_is_no_grams(line: str) -> None:
    reading = read_line(line, "pt_BR").reading

    assert isinstance(reading, Unsure)
    assert [one.unit for one in reading.readings] == [Unit.PIECE]
