"""Documents in the published formats of other programs. The texts are ours."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile


@dataclass(frozen=True)
class Document:
    """A file and what its recipes are: name, portions, lines."""

    data: bytes
    recipes: tuple[tuple[str, str, tuple[str, ...]], ...]


def zipped(files: Mapping[str, bytes]) -> bytes:
    """An archive."""
    archive = BytesIO()
    with ZipFile(archive, "w", ZIP_DEFLATED) as into:
        for name, data in files.items():
            into.writestr(name, data)
    return archive.getvalue()


def text(found: Any) -> bytes:
    """JSON, as a file has it."""
    return json.dumps(found, ensure_ascii=False).encode()


def schema(name: str, lines: list[str], **more: Any) -> dict[str, Any]:
    """A Recipe of schema.org."""
    return {
        "@context": "https://schema.org",
        "@type": "Recipe",
        "name": name,
        "recipeIngredient": lines,
        **more,
    }


def tandoor_part(amount: float, unit: str | None, food: str, **more: Any) -> dict[str, Any]:
    """An ingredient of Tandoor."""
    named = None if unit is None else {"name": unit, "plural_name": None, "description": None}
    part = {"food": {"name": food, "ignore_shopping": False}, "unit": named, "amount": amount}
    return part | {"note": "", "order": 0, "is_header": False, "no_amount": False} | more


def tandoor(name: str, servings: int, *steps: list[dict[str, Any]]) -> dict[str, Any]:
    """The file recipe.json of Tandoor."""
    listed = [{"name": "", "instruction": "Mexa.", "ingredients": parts} for parts in steps]
    return {"name": name, "description": "", "servings": servings, "steps": listed}


def mealie_part(quantity: float | None, unit: str | None, food: str | None, **more: Any) -> Any:
    """An ingredient of Mealie."""
    return {
        "quantity": quantity,
        "unit": None if unit is None else {"name": unit},
        "food": None if food is None else {"name": food},
        "note": "",
    } | more


def paprika(name: str, servings: str, ingredients: str) -> bytes:
    """A recipe of Paprika: JSON in gzip."""
    return gzip.compress(
        text(
            {
                "name": name,
                "servings": servings,
                "ingredients": ingredients,
                "directions": "Stir.",
                "photo_data": None,
                "categories": [],
            }
        )
    )


SOUP = ("Soup", "4", ("2 tsp cumin", "1 onion"))
BEANS = ("Feijão", "6", ("1 colher (chá) de cominho", "2 dentes de alho"))
LINES, LINHAS = list(SOUP[2]), list(BEANS[2])
YIELD_4, YIELD_6 = {"recipeYield": "4 servings"}, {"recipeYield": ["6", "6 porções"]}
CURRY = [tandoor_part(1.5, "tsp", "cumin"), tandoor_part(0, None, "salt", no_amount=True)]
CURRY_TEXT = ("Curry", "2", ("1 1/2 tsp cumin", "salt"))

DOCUMENTS = {
    "schema.org": Document(text(schema("Soup", LINES, **YIELD_4)), (SOUP,)),
    "schema.org, a list": Document(text([schema("Feijão", LINHAS, **YIELD_6)]), (BEANS,)),
    "schema.org, a graph": Document(
        text({"@graph": [{"@type": "WebPage"}, schema("Soup", LINES, recipeYield=4)]}), (SOUP,)
    ),
    "schema.org, several types": Document(
        text(schema("Soup", LINES, **YIELD_4) | {"@type": ["Recipe", "NewsArticle"]}), (SOUP,)
    ),
    "schema.org, full name of the type": Document(
        text(schema("Soup", LINES, **YIELD_4) | {"@type": "http://schema.org/Recipe"}), (SOUP,)
    ),
    "schema.org, the older word": Document(
        text({"@type": "Recipe", "name": "Soup", "ingredients": LINES, "yield": "Serves 4"}),
        (SOUP,),
    ),
    "schema.org, two of them": Document(
        text([schema("Soup", LINES, **YIELD_4), schema("Feijão", LINHAS, **YIELD_6)]),
        (SOUP, BEANS),
    ),
    "Nextcloud Cookbook": Document(
        text(
            schema("Soup", LINES, recipeYield=4, tool=[], keywords="", recipeCategory="", url="")
            | {"@context": "http://schema.org", "nutrition": [], "prepTime": None}
        ),
        (SOUP,),
    ),
    "Nextcloud Cookbook, a folder": Document(
        zipped(
            {
                "Recipes/Soup/recipe.json": text(schema("Soup", LINES, recipeYield=4)),
                "Recipes/Soup/full.jpg": b"\xff\xd8",
                "Recipes/Feijao/recipe.json": text(schema("Feijão", LINHAS, recipeYield=6)),
            }
        ),
        (SOUP, BEANS),
    ),
    "Mealie, parts": Document(
        text(
            {
                "name": "Soup",
                "slug": "soup",
                "recipeServings": 4.0,
                "recipeIngredient": [
                    mealie_part(2.0, "tsp", "cumin"),
                    mealie_part(1.0, None, "onion"),
                ],
            }
        ),
        (SOUP,),
    ),
    "Mealie, notes only": Document(
        text(
            {
                "name": "Soup",
                "slug": "soup",
                "recipeYield": "4",
                "recipeIngredient": [mealie_part(0, None, None, note=line) for line in LINES],
            }
        ),
        (SOUP,),
    ),
    "Mealie, as written": Document(
        text(
            {
                "name": "Feijão",
                "slug": "feijao",
                "recipeServings": 6,
                "recipeIngredient": [
                    mealie_part(1, None, None, note="x", originalText=line) for line in LINHAS
                ],
            }
        ),
        (BEANS,),
    ),
    "Mealie, an export": Document(
        zipped(
            {
                "recipes/soup/soup.json": text(
                    {
                        "name": "Soup",
                        "slug": "soup",
                        "recipe_yield": "4 servings",
                        "recipe_ingredient": LINES,
                    }
                )
            }
        ),
        (SOUP,),
    ),
    "Tandoor, recipe.json": Document(text(tandoor("Curry", 2, CURRY)), (CURRY_TEXT,)),
    "Tandoor, two steps": Document(
        text(
            tandoor("Curry", 2, CURRY[:1], [tandoor_part(0, None, "S", is_header=True), CURRY[1]])
        ),
        (CURRY_TEXT,),
    ),
    "Tandoor, a third": Document(
        text(tandoor("Molho", 3, [tandoor_part(0.3333333333, "xícara", "azeite")])),
        (("Molho", "3", ("1/3 xícara azeite",)),),
    ),
    "Tandoor, an export": Document(
        zipped({"Curry.zip": zipped({"recipe.json": text(tandoor("Curry", 2, CURRY))})}),
        (CURRY_TEXT,),
    ),
    "Paprika, one": Document(paprika("Soup", "4", "\n".join(LINES)), (SOUP,)),
    "Paprika, all": Document(
        zipped(
            {
                "Soup.paprikarecipe": paprika("Soup", "Serves 4", "\n".join(LINES)),
                "Feijao.paprikarecipe": paprika("Feijão", "6 porções", "\r\n\r\n".join(LINHAS)),
            }
        ),
        (SOUP, BEANS),
    ),
    "ours": Document(
        text(
            {
                "nome": "Molho",
                "porcoes": 24,
                "ingredientes": [{"tempero": "Sal, grosso", "quantidade": 0.25}],
            }
        ),
        (("Molho", "24", ("Sal, grosso",)),),
    ),
    "ours, all": Document(
        text(
            {
                "receitas": [
                    {
                        "nome": name,
                        "porcoes": 2,
                        "ingredientes": [{"tempero": "Sal", "quantidade": 2.0}],
                    }
                    for name in ("A", "B")
                ]
            }
        ),
        (("A", "2", ("Sal",)), ("B", "2", ("Sal",))),
    ),
    "pasted": Document(
        b"Soup\nServes 4\n\nIngredients\n- 2 tsp cumin\n- 1 onion\n\nMethod\n1. Stir.",
        (("Soup", "4", ("- 2 tsp cumin", "- 1 onion")),),
    ),
    "pasted, in Portuguese": Document(
        "Feijão\nRende 6 porções\n1 colher (chá) de cominho\n2 dentes de alho\n"
        "Modo de preparo:\nMexa por 10 minutos.".encode(),
        (BEANS,),
    ),
}
