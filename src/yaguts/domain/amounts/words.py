"""The words for numbers and units, in both languages, as `folding` leaves them."""

from fractions import Fraction

from yaguts.domain.amounts.measures import Unit

_WHOLE = (
    (1, "um uma one a an"),
    (2, "dois duas two"),
    (3, "tres three"),
    (4, "quatro four"),
    (5, "cinco five"),
    (6, "seis six"),
    (7, "sete seven"),
    (8, "oito eight"),
    (9, "nove nine"),
    (10, "dez ten"),
    (11, "onze eleven"),
    (12, "doze twelve"),
    (13, "treze thirteen"),
    (14, "quatorze catorze fourteen"),
    (15, "quinze fifteen"),
    (16, "dezesseis sixteen"),
    (17, "dezessete seventeen"),
    (18, "dezoito eighteen"),
    (19, "dezenove nineteen"),
    (20, "vinte twenty"),
    (30, "trinta thirty"),
    (40, "quarenta forty"),
    (50, "cinquenta fifty"),
    (60, "sessenta sixty"),
    (70, "setenta seventy"),
    (80, "oitenta eighty"),
    (90, "noventa ninety"),
    (100, "cem cento hundred"),
    (200, "duzentos duzentas"),
    (300, "trezentos trezentas"),
    (400, "quatrocentos quatrocentas"),
    (500, "quinhentos quinhentas"),
    (600, "seiscentos seiscentas"),
    (700, "setecentos setecentas"),
    (800, "oitocentos oitocentas"),
    (900, "novecentos novecentas"),
)
WHOLE = {word: Fraction(number) for number, words in _WHOLE for word in words.split()}
HUNDRED = {"hundred"}
"""What follows a number below ten and multiplies it."""
HALF = {"meia", "meio", "half"}
QUARTER = {"quarter"}
"""What is a fourth of the unit behind it, without a number before it."""
PARTS = {
    "quarto": 4, "quartos": 4, "quarter": 4, "quarters": 4, "terco": 3, "tercos": 3,
    "third": 3, "thirds": 3, "eighth": 8, "eighths": 8, "oitavo": 8,
}  # fmt: skip
"""What follows a number and divides it."""
DOZEN = {"duzia", "duzias", "dozen"}
ARTICLES = {"a", "an"}
AND = {"e", "and", "&", "+"}
PLUS = {"mais", "plus", *AND}
UNTIL = {"-", "a", "ate", "to", "ou", "or"}
"""What stands between the ends of a range."""
TIMES = {"x"}
OF = {"de", "do", "da", "of"}
AMID = {"(", ".", "-", "de", "das"}
"""What may stand between the two words of a unit: `colher das de chá`."""
ABOUT = {
    "cerca",
    "de",
    "aprox",
    "aproximadamente",
    "uns",
    "umas",
    "about",
    "around",
    "ca",
    "~",
    ".",
}
"""What may stand before a number and says nothing of it."""
LEVEL = {
    "rasa", "rasas", "raso", "rasos", "level", "scant", "generosa", "generosas", "boa", "boas",
    "generous", "good", "big", "large", "small", "grande", "grandes", "pequena", "pequenas",
    "pequeno", "pequenos", "medio", "medios", "media", "medias", "medium", "bem", "nivelada",
    "niveladas",
}  # fmt: skip
"""What may stand beside a unit and changes nothing that can be counted."""
HEAPED = {"cheia", "cheias", "cheio", "cheios", "heaped", "heaping", "rounded"}

_LITTLE_SPOON = "colherinha colherinhas colherzinha colherzinhas"
_SPOON = f"colher colheres colh cols col c {_LITTLE_SPOON}"
_CUP = "xicara xicaras xic cup cups cupful cupfuls"
_KINDS = (
    (Unit.TEASPOON, "cha", "tea"),
    (Unit.TABLESPOON, "sopa", "table"),
    (Unit.DESSERT_SPOON, "sobremesa", "dessert"),
    (Unit.COFFEE_SPOON, "cafe", "coffee"),
    (Unit.COFFEE_SPOON, "cafezinho", "demitasse"),
)
_ONE_WORD = (
    (Unit.GRAM, 1, "g gr grs grama gramas gram grams gramme grammes"),
    (Unit.KILOGRAM, 1, "kg kgs kilo kilos quilo quilos quilograma quilogramas kilogram kilograms"),
    (Unit.MILLIGRAM, 1, "mg miligrama miligramas milligram milligrams"),
    (Unit.OUNCE, 1, "oz onca oncas ounce ounces"),
    (Unit.POUND, 1, "lb lbs libra libras pound pounds"),
    (Unit.MILLILITRE, 1, "ml mililitro mililitros milliliter milliliters millilitre millilitres"),
    (Unit.MILLILITRE, 10, "cl"),
    (Unit.MILLILITRE, 100, "dl"),
    (Unit.MILLILITRE, 1000, "l lt litro litros liter liters litre litres"),
    (Unit.TEASPOON, 1, "tsp tsps teaspoon teaspoons teaspoonful teaspoonfuls"),
    (
        Unit.TABLESPOON,
        1,
        ("tbsp tbsps tbs tb tbl tbls tblsp tablespoon tablespoons tablespoonful tablespoonfuls cs"),
    ),
    (Unit.FLUID_OUNCE, 1, "floz"),
    (Unit.DESSERT_SPOON, 1, "dsp dessertspoon dessertspoons dessertspoonful"),
    (Unit.COFFEE_SPOON, 1, "coffeespoon coffeespoons"),
    (Unit.COFFEE_CUP, 1, "demitasse demitasses"),
    (Unit.CUP, 1, _CUP),
    (Unit.GLASS, 1, "copo copos glass glasses"),
    (Unit.PINCH, 1, "pitada pitadas pitadinha pitadinhas pinch pinches"),
    (Unit.DASH, 1, "dash dashes toque toques"),
    (Unit.HANDFUL, 1, "punhado punhados handful handfuls"),
    (
        Unit.PIECE,
        1,
        (
            "dente dentes clove cloves folha folhas leaf leaves unidade unidades un unid unit units"
            " piece pieces pedaco pedacos stick sticks pau paus rama ramas ramo ramos sprig sprigs"
            " pacote pacotes packet packets sache saches lata latas can cans maco macos"
        ),
    ),
)
_units: dict[tuple[str, ...], tuple[tuple[Unit, int], ...]] = {
    (word,): ((unit, factor),) for unit, factor, words in _ONE_WORD for word in words.split()
}
_units |= {(spoon, kind): ((unit, 1),) for unit, kind, _ in _KINDS for spoon in _SPOON.split()}
_units |= {(kind, spoon): ((unit, 1),) for unit, _, kind in _KINDS for spoon in ("spoon", "spoons")}
_units |= {(cup, "cha"): ((Unit.CUP, 1),) for cup in _CUP.split()}
_coffee_cup = ((Unit.COFFEE_CUP, 1), (Unit.CUP, 1))
_units |= {(cup, "cafe"): _coffee_cup for cup in _CUP.split()}
_units |= {("coffee", cup): _coffee_cup for cup in _CUP.split()}
_units |= {(cup, "cafezinho"): ((Unit.COFFEE_CUP, 1),) for cup in _CUP.split()}
_units |= {("espresso", cup): ((Unit.COFFEE_CUP, 1),) for cup in _CUP.split()}
_units |= {
    (word,): ((Unit.TABLESPOON, 1), (Unit.TEASPOON, 1))
    for word in "colher colheres spoon spoons spoonful spoonfuls colherada colheradas".split()
}
_units |= {(word,): ((Unit.TEASPOON, 1), (Unit.COFFEE_SPOON, 1)) for word in _LITTLE_SPOON.split()}
_units |= {
    tuple(words.split()): ((Unit.FLUID_OUNCE, 1),)
    for words in (
        "fl oz", "fl ounce", "fl ounces", "fluid oz", "fluid ounce", "fluid ounces",
        "onca fluida", "oncas fluidas", "onca liquida", "oncas liquidas",
    )
}  # fmt: skip
_units[("c", "s")] = ((Unit.TABLESPOON, 1),)
_units[("cc",)] = ((Unit.TEASPOON, 1), (Unit.COFFEE_SPOON, 1), (Unit.MILLILITRE, 1))
_units[("c", "c")] = _units[("cc",)]
UNITS = _units
"""The units that words may mean, each with how many of it one of them is."""
ALSO_SPICES = {"clove", "cloves", "folha", "folhas", "leaf", "leaves", "stick", "sticks"}
"""What is a unit only before the name of something else."""
SECONDS = {"", "/ s", *"s /s seg segundo segundos sec second seconds".split()}
"""What may follow a number of seconds or a rate."""
