"""The words of ingredient lines in both languages, without case and accents."""

import re


def _any_of(words: str) -> str:
    """A pattern of the words, the longest first. `_` stands for a space."""
    longest_first = sorted(words.split(), key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word).replace("_", r"\s+") for word in longest_first) + ")"


BULLET = re.compile(r"^(?:[-*•·‣▢□☐–—]\s*|\[\s?\]\s*)+")
APPROXIMATELY = re.compile(
    "^"
    + _any_of("mais_ou_menos approximately approx. approx roughly about aprox. por_volta_de")
    + r"\s+"
)
BETWEEN = re.compile(r"^(?:between|entre)\s+(\S+)\s+(?:and|e)\s+(?=\d)")
TO_TASTE = re.compile(
    r"[\s,(]*\b(?:(?:plus\s+)?(?:more|extra)|(?:plus\s+more\s+)?(?:ou\s+)?a\s+(?:seu\s+)?gosto|(?:or\s+)?to\s+taste|q\.?\s?b\.?|quanto\s+baste|as\s+needed"
    r"|o\s+quanto\s+baste|o\s+suficiente|se\s+necessario"
    r"|(?:for|para)\s+(?:a\s+)?(?:\w+)(?:\s+\w+)?)[\s).]*$"
)
"""What stands at the end of a line that names no amount, and what an ingredient is for."""
UNCERTAIN = re.compile(
    r"\b(?:mais|plus|heaped|heaping|couple|generous|generosas?|scant|good|big|boas?|bem)\b|\+|\d\s*[x×]\s*\d|\d\s*[x×]\s"
)
"""What makes an amount another one than its number says."""
VAGUE = re.compile(
    "^(?:an?|uma?|alguns|algumas|some|a\\s+few|few)?\\s*(?:small|big|good|generous|little|bom|boa)?\\s*"
    + _any_of(
        "fio fios fiozinho drizzle drizzles splash splashes knob knobs glug glugs handful handfuls"
        " punhado punhados dash dashes gota gotas drop drops pouco couple"
    )
    + r"\b\s*"
)
"""What holds nobody knows how much."""
CONTAINER = re.compile(
    "^" + _any_of(
        "bunch bunches can cans tin tins jar jars bottle bottles package packages pack packs packet"
        " packets envelope envelopes head heads stalk stalks sprig sprigs slice slices"
        " caixa caixas caixinha caixinhas lata latas vidro vidros garrafa garrafas pacote pacotes"
        " maco macos molho molhos ramo ramos galho galhos cabeca cabecas talo talos fatia fatias"
        " sache saches tablete tabletes pote potes envelopinho rodela rodelas"
    ) + r"\s+(?:de\s+|of\s+|com\s+)|^" + _any_of(
        "bunch bunches can cans tin tins bottle bottles package packages packet packets head heads"
        " stalk stalks sprig sprigs slice slices"
    ) + r"\s+"
)  # fmt: skip
"""What is counted in the place of its contents."""
EACH = re.compile(r"^(?:of\s+)?(?:each|cada)\b")
"""What shares an amount among several foods."""
SIZE = re.compile("^" + _any_of("small medium large extra-large big whole_large") + r"\s+")
SIZE_AFTER = re.compile(
    r"\s+" + _any_of(
        "pequeno pequena pequenos pequenas medio media medios medias grande grandes"
    ) + "$"
)  # fmt: skip
_MADE = (
    "chopped diced minced grated sliced crushed shredded peeled beaten melted softened crumbled"
    " freshly_ground freshly_grated fresh-ground freshly_cracked freshly_chopped"
)
PREPARED_BEFORE = re.compile(
    r"^(?:(?:finely|roughly|coarsely|thinly|lightly)\s+)?" + _any_of(_MADE) + r"\s+"
)
PREPARED_AFTER = re.compile(
    r"\s+(?:bem\s+)?(?:"
    r"moid[oa]s?\s+na\s+hora|ralad[oa]s?(?:\s+na\s+hora)?|picad[oa]s?|picadinh[oa]s?|fatiad[oa]s?|lavad[oa]s?"
    r"|amassad[oa]s?|esmagad[oa]s?|batid[oa]s?|derretid[oa]s?|cortad[oa]s?(?:\s.*)?|triturad[oa]s?"
    r"|espremid[oa]s?|descascad[oa]s?|chopped|minced|crushed|grated|diced|sliced"
    r")(?:\s+(?:e|and)\s+\w+|\s+fin[oa]s?|\s+grosseiramente|\s+finamente)?$"
)
GARLIC_CLOVES = re.compile(r"^(garlic)\s+cloves?$")
OF = re.compile(r"^(?:de|do|da|dos|das|of)\s+")
SPELLED_OTHERWISE = (
    ("both", re.compile(r"\bcls\b", re.IGNORECASE), "colher"),
    ("pt_BR", re.compile(r"\bxíc\.", re.IGNORECASE), "xíc"),
    ("en", re.compile(r"(?<=\d)\s*T\.?(?=\s)"), " tablespoon"),
    ("en", re.compile(r"(?<=\d)\s*t\.?(?=\s)"), " teaspoon"),
    ("en", re.compile(r"(?<=\d)\s*[cC]\.?(?=\s)"), " cup"),
    ("en", re.compile(r"\b(quarter|third|eighth)\s+of\s+an?\s+", re.IGNORECASE), r"\1 "),
    (
        "pt_BR",
        re.compile(
            r"\b(quartos?|terços?|tercos?|\d/\d|[½¼¾⅓⅔⅛])\s+de\s+"
            r"(?=x[ií]c|colher|c\.|quilo|kg|litro|copo)",
            re.IGNORECASE,
        ),
        r"\1 ",
    ),
)  # fmt: skip
"""Short spellings that the reader of amounts does not have: capital T is a tablespoon."""
