"""Amounts as people write them. What can be read in two ways is asked back."""

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from yaguts.domain.amounts.measures import Amount, NotAnAmount, Reading, Unit, Unsure
from yaguts.domain.amounts.reader import Started, read_amount, read_start

LANGUAGES = st.sampled_from(["pt_BR", "en"])
HALF = Fraction(1, 2)


def amount(quantity: float | Fraction, unit: Unit = Unit.NONE, most: float | None = None) -> Amount:
    """`most` is the upper end of a range."""
    return Amount(Fraction(quantity), unit, None if most is None else Fraction(most))


def unsure(*readings: Amount) -> Unsure:
    return Unsure(readings)


BOTH = [
    ("5", amount(5)),
    ("5 g", amount(5, Unit.GRAM)),
    ("5g", amount(5, Unit.GRAM)),
    ("5 gr.", amount(5, Unit.GRAM)),
    ("5 GRAMAS", amount(5, Unit.GRAM)),
    ("\u00a05\u00a0g\u200b", amount(5, Unit.GRAM)),
    ("2 quilos", amount(2, Unit.KILOGRAM)),
    ("250 mg", amount(250, Unit.MILLIGRAM)),
    ("0,05 g", amount(Fraction(1, 20), Unit.GRAM)),
    ("0.05", amount(Fraction(1, 20))),
    (".5", amount(HALF)),
    ("0.250", amount(Fraction(1, 4))),
    ("1,5", amount(1.5)),
    ("1.5", amount(1.5)),
    ("1.250,5", amount(1250.5)),
    ("1,250.5", amount(1250.5)),
    ("1.000.000", amount(10**6)),
    ("1,000,000", amount(10**6)),
    ("1250.125", amount(1250.125)),
    ("1/2", amount(HALF)),
    ("½", amount(HALF)),
    ("1½", amount(1.5)),
    ("1 1/2", amount(1.5)),
    ("1-1/2 tsp", amount(1.5, Unit.TEASPOON)),
    ("1 e 1/2", amount(1.5)),
    ("⅔ cup", amount(Fraction(2, 3), Unit.CUP)),
    ("uma e meia colher de sopa", amount(1.5, Unit.TABLESPOON)),
    ("1 colher e meia de chá", amount(1.5, Unit.TEASPOON)),
    ("1 colher de chá e meia", amount(1.5, Unit.TEASPOON)),
    ("1 xícara e um quarto", amount(1.25, Unit.CUP)),
    ("a pound and a half", amount(1.5, Unit.POUND)),
    ("one and a half teaspoons", amount(1.5, Unit.TEASPOON)),
    ("one-half teaspoon", amount(HALF, Unit.TEASPOON)),
    ("half-teaspoon", amount(HALF, Unit.TEASPOON)),
    ("2 and a 1/2 teaspoons", amount(2.5, Unit.TEASPOON)),
    ("two and one-half teaspoons", amount(2.5, Unit.TEASPOON)),
    ("a half teaspoon", amount(HALF, Unit.TEASPOON)),
    ("half a teaspoon", amount(HALF, Unit.TEASPOON)),
    ("meia colher (chá)", amount(HALF, Unit.TEASPOON)),
    ("um quarto de colher de chá", amount(Fraction(1, 4), Unit.TEASPOON)),
    ("three quarters cup", amount(Fraction(3, 4), Unit.CUP)),
    ("three-quarters cup", amount(Fraction(3, 4), Unit.CUP)),
    ("one and three-quarter cups", amount(Fraction(7, 4), Unit.CUP)),
    ("um e um quarto", amount(1.25)),
    ("2 colheres (de chá) rasas", amount(2, Unit.TEASPOON)),
    ("2 c. sopa", amount(2, Unit.TABLESPOON)),
    ("1 colher de café", amount(1, Unit.COFFEE_SPOON)),
    ("uma colher das de sopa", amount(1, Unit.TABLESPOON)),
    ("1 colher-de-chá", amount(1, Unit.TEASPOON)),
    ("1 colherzinha de chá", amount(1, Unit.TEASPOON)),
    ("1 tablespoonful", amount(1, Unit.TABLESPOON)),
    ("1 colher de sobremesa", amount(1, Unit.DESSERT_SPOON)),
    ("2 tbsp.", amount(2, Unit.TABLESPOON)),
    ("1 xícara de chá", amount(1, Unit.CUP)),
    ("1 xícara de cafezinho", amount(1, Unit.COFFEE_CUP)),
    ("2 espresso cups", amount(2, Unit.COFFEE_CUP)),
    ("30 ml", amount(30, Unit.MILLILITRE)),
    ("1 dl", amount(100, Unit.MILLILITRE)),
    ("a pinch", amount(1, Unit.PINCH)),
    ("uma pitada", amount(1, Unit.PINCH)),
    ("pitada", amount(1, Unit.PINCH)),
    ("a generous pinch of", amount(1, Unit.PINCH)),
    ("2 dentes", amount(2, Unit.PIECE)),
    ("meia dúzia", amount(6)),
    ("2-3 g", amount(2, Unit.GRAM, 3)),
    ("2 a 3 pitadas", amount(2, Unit.PINCH, 3)),
    ("1 e 1/2 a 2 colheres de chá", amount(1.5, Unit.TEASPOON, 2)),
    ("1 e meia a 2 colheres de chá", amount(1.5, Unit.TEASPOON, 2)),
    ("1 a 2 colheres e meia de chá", amount(1, Unit.TEASPOON, 2.5)),
    ("1 a 2 colheres de chá e meia", amount(1, Unit.TEASPOON, 2.5)),
    ("1 a 2 e meia colheres de chá", amount(1, Unit.TEASPOON, 2.5)),
    ("1 to 2 and a half teaspoons", amount(1, Unit.TEASPOON, 2.5)),
    ("meia a uma colher de chá", amount(HALF, Unit.TEASPOON, 1)),
    ("1/2 to 1 tsp", amount(HALF, Unit.TEASPOON, 1)),
    ("de 2 a 3", amount(2, most=3)),
    ("about 2 g", amount(2, Unit.GRAM)),
    ("aprox. 2 g", amount(2, Unit.GRAM)),
    ("2 x 5 g", amount(10, Unit.GRAM)),
    ("1 tbsp plus 1 tsp", amount(20, Unit.MILLILITRE)),
    ("1 kg e 200 g", amount(1200, Unit.GRAM)),
    ("1 colher de sopa e meia colher de chá", amount(17.5, Unit.MILLILITRE)),
    ("1 cup and 1/4 of a cup", amount(300, Unit.MILLILITRE)),
    ("1 000 g", amount(1000, Unit.GRAM)),
    ("1 fl. oz.", amount(1, Unit.FLUID_OUNCE)),
    ("half a fluid ounce", amount(HALF, Unit.FLUID_OUNCE)),
    ("2 onças fluidas", amount(2, Unit.FLUID_OUNCE)),
    ("1 c.s.", amount(1, Unit.TABLESPOON)),
    ("vinte e cinco gramas", amount(25, Unit.GRAM)),
    ("cento e vinte e cinco", amount(125)),
    ("duzentos e cinquenta gramas", amount(250, Unit.GRAM)),
    ("cem a duzentos gramas", amount(100, Unit.GRAM, 200)),
    ("vinte e um quarto", amount(20.25)),
    ("twenty-five grams", amount(25, Unit.GRAM)),
    ("twenty five grams", amount(25, Unit.GRAM)),
    ("a hundred grams", amount(100, Unit.GRAM)),
    ("two hundred and five and a half grams", amount(205.5, Unit.GRAM)),
    ("twenty and one quarter ounces", amount(20.25, Unit.OUNCE)),
    ("quarter teaspoon", amount(Fraction(1, 4), Unit.TEASPOON)),
    ("quarter of a cup", amount(Fraction(1, 4), Unit.CUP)),
    ("1 kg 200 g", amount(1200, Unit.GRAM)),
    ("2 lb 8 oz", amount(Fraction(45_359_237, 40_000), Unit.GRAM)),
    ("1 tbsp 1 tsp", amount(20, Unit.MILLILITRE)),
    ("1/2 cup 2 tbsp", amount(150, Unit.MILLILITRE)),
    # What has two readings
    ("1 400 g", unsure(amount(1400, Unit.GRAM), amount(400, Unit.GRAM))),
    ("1 colher", unsure(amount(1, Unit.TABLESPOON), amount(1, Unit.TEASPOON))),
    ("1 heaped tsp", unsure(amount(1, Unit.TEASPOON), amount(2, Unit.TEASPOON))),
    ("1 xícara de café", unsure(amount(1, Unit.COFFEE_CUP), amount(1, Unit.CUP))),
    ("1 coffee cup", unsure(amount(1, Unit.COFFEE_CUP), amount(1, Unit.CUP))),
    ("200 g a 300 g", unsure(amount(200, Unit.GRAM), amount(300, Unit.GRAM))),
    (
        "5 cc",
        unsure(amount(5, Unit.TEASPOON), amount(5, Unit.COFFEE_SPOON), amount(5, Unit.MILLILITRE)),
    ),
    (
        "1 teaspoon to 1 tablespoon",
        unsure(amount(1, Unit.TEASPOON), amount(1, Unit.TABLESPOON)),
    ),
    # What says no amount
    ("umas pitadas", NotAnAmount()),
    ("", NotAnAmount()),
    ("sal", NotAnAmount()),
    ("a gosto", NotAnAmount()),
    ("to taste", NotAnAmount()),
    ("-5", NotAnAmount()),
    ("5-3", NotAnAmount()),
    ("1e3", NotAnAmount()),
    ("1/0", NotAnAmount()),
    ("1.00.000", NotAnAmount()),
    ("2²", NotAnAmount()),
    ("28/11/2026", NotAnAmount()),
    ("1 kg e 200 ml", NotAnAmount()),
    ("kg", NotAnAmount()),
    ("quarter", NotAnAmount()),
    ("mil gramas", NotAnAmount()),
    ("dois mil gramas", NotAnAmount()),
    ("um cinco gramas", NotAnAmount()),
    ("vinte trinta gramas", NotAnAmount()),
    # The same amount once more, in another unit
    ("1 cup 240 ml", NotAnAmount()),
    ("1 cup 16 tbsp", NotAnAmount()),
    ("1 tbsp 3 tsp", NotAnAmount()),
    ("1 kg 1000 g", NotAnAmount()),
    ("1 lb 450 g", NotAnAmount()),
    ("1 tsp 1 tbsp", NotAnAmount()),
    ("1 kg de 200 g", NotAnAmount()),
    ("9" * 13, NotAnAmount()),
    ("1 " * 200, NotAnAmount()),
]
BY_LANGUAGE = [
    ("1.000", unsure(amount(1000), amount(1)), amount(1)),
    ("1,250", amount(1.25), unsure(amount(1250), amount(1.25))),
    ("1.250 kg", unsure(amount(1250, Unit.KILOGRAM), amount(1.25, Unit.KILOGRAM)),
     amount(1.25, Unit.KILOGRAM)),
]  # fmt: skip


@pytest.mark.parametrize("language", ["pt_BR", "en"])
@pytest.mark.parametrize(("text", "meant"), BOTH)
def test_an_amount_is_read_as_it_was_meant(text: str, meant: Reading, language: str) -> None:
    assert read_amount(text, language) == meant


@pytest.mark.parametrize(("text", "portuguese", "english"), BY_LANGUAGE)
def test_the_language_tells_the_decimal_mark(
    text: str, portuguese: Reading, english: Reading
) -> None:
    assert read_amount(text, "pt_BR") == portuguese
    assert read_amount(text, "en") == english


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("2 colheres de chá de Canela em pó", "Canela em pó"),
        ("1½ tsp  Smoked  paprika", "Smoked  paprika"),
        ("uma pitada de noz\u2011moscada", "noz\u2011moscada"),
        ("5 g de sal, a gosto", "sal, a gosto"),
        ("2 cloves garlic", "garlic"),
        ("3 cloves", "cloves"),
        ("sal a gosto", "sal a gosto"),
        ("2 large eggs", "large eggs"),
    ],
)
def test_the_rest_of_a_line_stays_as_it_was_written(line: str, rest: str) -> None:
    assert read_start(line, "pt_BR").rest == rest


@given(thousandths=st.integers(0, 10**9), language=LANGUAGES)
def test_what_a_page_writes_is_read_back(thousandths: int, language: str) -> None:
    mark = "," if language == "pt_BR" else "."
    whole, rest = divmod(thousandths, 1000)

    for text in (f"{whole}{mark}{rest:03}", f"{whole}{mark}{rest:03}".rstrip("0").rstrip(mark)):
        assert read_amount(f"{text} g", language) == amount(Fraction(thousandths, 1000), Unit.GRAM)


@given(number=st.integers(1000, 10**9), language=LANGUAGES, mark=st.sampled_from(".,"))
def test_a_thousand_is_never_silently_one(number: int, language: str, mark: str) -> None:
    """Grouped by the mark that is not the language's decimal one."""
    reading = read_amount(f"{number:,}".replace(",", mark), language)

    own = mark == ("," if language == "pt_BR" else ".")
    readings = reading.readings if isinstance(reading, Unsure) else (reading,)
    assert amount(number) in readings or (own and number < 10**6)


@given(
    whole=st.integers(0, 99),
    above=st.integers(1, 7),
    below=st.sampled_from([2, 3, 4, 8]),
    language=LANGUAGES,
)
def test_fractions_are_exact(whole: int, above: int, below: int, language: str) -> None:
    proper = above % below or 1
    text = f"{whole} {proper}/{below}" if whole else f"{proper}/{below}"

    assert read_amount(text, language) == amount(whole + Fraction(proper, below))


@given(text=st.text(max_size=40), language=LANGUAGES)
@example(text="1,2,3 e meia", language="en")
@example(text="½½", language="en")
@example(text="٣ ٤", language="pt_BR")
@example(text="1/٣", language="pt_BR")
@example(text="a" * 201, language="en")
def test_anything_is_answered(text: str, language: str) -> None:
    started = read_start(text, language)

    assert isinstance(started, Started)
    assert started.rest in text
    if isinstance(started.reading, Unsure):
        assert len(started.reading.readings) > 1
    read_amount(text, language)


@given(
    text=st.lists(st.sampled_from("1 2 10 000 . , / - e a and half meia x colher de g (".split())),
    language=LANGUAGES,
)
def test_any_words_of_an_amount_are_answered(text: list[str], language: str) -> None:
    reading = read_amount(" ".join(text), language)

    for one in reading.readings if isinstance(reading, Unsure) else (reading,):
        assert not isinstance(one, Amount) or one.quantity >= 0
