"""What a millilitre of each spice weighs. The cook's own weighing comes before this table."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from yaguts.domain.amounts.measures import MILLILITRES, Unit
from yaguts.domain.amounts.spoons import WeighedSpoon, weighed_spoon
from yaguts.domain.recipe import search_key

USDA = "USDA National Nutrient Database for Standard Reference, WEIGHT.txt"
"""Public; a row names the food by its number there. It gives the grams of a teaspoon."""
NO_SOURCE = ""
OWN_SCALE = "weighed by the cook"


@dataclass(frozen=True, slots=True)
class Density:
    """`verified`: somebody has read it in the source, of the spice in this form."""

    grams_per_ml: Fraction
    source: str
    verified: bool


_TEASPOONS = (
    # Food of the table, milligrams of a teaspoon, and what the spice is called.
    ("02003 leaves", 700, "manjericao; manjericao seco; basil; dried basil"),
    ("02004 crumbled", 600, "louro picado; crumbled bay leaf"),
    ("02005", 2100, "alcaravia; caraway; caraway seed"),
    ("02006 ground", 2000, "cardamomo; cardamomo em po; cardamom; ground cardamom"),
    ("02007", 2000, "semente de aipo; celery seed"),
    ("02008", 600, "cerefolio; chervil; dried chervil"),
    ("02009", 2700, "chili em po; chilli em po; chili powder; chilli powder"),
    ("02010", 2600, "canela; canela em po; cinnamon; ground cinnamon"),
    ("02011", 2100, "cravo em po; cravo moido; ground cloves"),
    ("02012", 600, "coentro seco; folha de coentro seca; dried cilantro; dried coriander leaf"),
    ("02013", 1800, "semente de coentro; coentro em grao; coriander seed"),
    ("02014 whole", 2100, "cominho em grao; semente de cominho; cumin seed; cumin seeds"),
    ("02015", 2000, "curry; curry em po; curry powder"),
    ("02016", 2100, "semente de endro; dill seed"),
    ("02017", 1000, "endro; endro seco; dill; dill weed; dried dill"),
    ("02018 whole", 2000, "erva doce; funcho; semente de erva doce; fennel seed; fennel seeds"),
    ("02019", 3700, "feno grego; fenugreek; fenugreek seed"),
    ("02020", 3100, "alho em po; garlic powder"),
    ("02021", 1800, "gengibre em po; ground ginger; ginger powder"),
    ("02022", 1700, "macis; mace; ground mace"),
    ("02023", 600, "manjerona; manjerona seca; marjoram; dried marjoram"),
    ("02024", 2000, "mostarda em po; mustard powder; ground mustard"),
    ("02025", 2200, "noz moscada; noz moscada em po; noz moscada ralada; nutmeg; ground nutmeg"),
    ("02026", 2400, "cebola em po; onion powder"),
    ("02027 leaves", 1000, "oregano; oregano seco; dried oregano"),
    ("02028", 2300, "paprica; paprica doce; paprika; sweet paprika"),
    ("02029", 500, "salsa seca; salsinha seca; dried parsley"),
    (
        "02030 ground",
        2300,
        (
            "pimenta do reino; pimenta do reino em po; pimenta do reino moida; pimenta preta;"
            " black pepper; ground black pepper"
        ),
    ),
    ("02030 whole", 2900, "pimenta do reino em grao; peppercorns; black peppercorns"),
    ("02031", 1800, "pimenta caiena; pimenta de caiena; cayenne; cayenne pepper"),
    ("02032 ground", 2400, "pimenta branca; white pepper; ground white pepper"),
    ("02033", 2800, "semente de papoula; papoula; poppy seed; poppy seeds"),
    ("02036", 1200, "alecrim; alecrim seco; rosemary; dried rosemary"),
    ("02037", 700, "saffron"),
    ("02038", 700, "salvia em po; ground sage"),
    ("02039", 1400, "segurelha; savory; ground savory"),
    ("02041 leaves", 600, "estragao; estragao seco; tarragon; dried tarragon"),
    ("02042 leaves", 1000, "tomilho; tomilho seco; thyme; dried thyme"),
    ("02043", 3000, "curcuma; curcuma em po; acafrao da terra; turmeric; ground turmeric"),
    ("02047", 6000, "sal; sal de cozinha; sal refinado; sal fino; salt; table salt; fine salt"),
    ("02066", 500, "hortela seca; dried mint; dried spearmint"),
)
_UNVERIFIED = (
    # No source was read of the spice in this form.
    (2100, "cominho; cominho em po; cominho moido; cumin; ground cumin"),
    (2300, "pimenta; pepper"),
    (2300, "paprica defumada; paprica picante; smoked paprika; hot paprika"),
    (2000, "coentro em po; coentro moido; ground coriander"),
    (2500, "colorau; urucum; annatto"),
    (5000, "sal grosso; coarse salt; kosher salt"),
    (4000, "acucar; sugar"),
    (700, "salvia; salvia seca; sage; dried sage"),
    (1800, "pimenta calabresa; chili flakes; chilli flakes; red pepper flakes"),
    (2000, "pimenta da jamaica; pimenta siria; allspice"),
)


def density_of(spice: str, weighed: Iterable[WeighedSpoon] = ()) -> Density | None:
    """What the kitchen weighed, or else the row of the table, or None."""
    own = weighed_spoon(spice, weighed)
    if own is not None:
        return Density(own.grams_per_ml, OWN_SCALE, verified=True)
    return _DENSITIES.get(_key(spice))


def _key(spice: str) -> str:
    return " ".join(search_key(spice).replace("-", " ").split())


def _per_ml(teaspoon_mg: int) -> Fraction:
    return Fraction(teaspoon_mg, 1000) / MILLILITRES[Unit.TEASPOON]


_DENSITIES = {
    name.strip(): Density(_per_ml(mg), f"{USDA}, {food}", verified=True)
    for food, mg, names in _TEASPOONS
    for name in names.split(";")
} | {
    name.strip(): Density(_per_ml(mg), NO_SOURCE, verified=False)
    for mg, names in _UNVERIFIED
    for name in names.split(";")
}
