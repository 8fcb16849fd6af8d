"""Pages with recipes, in the published ways of saying so. The texts are ours."""

import json
from typing import Any

from yaguts.domain.recipe_files.found import FoundLine, FoundRecipe


def page(body: str, head: str = "") -> str:
    """A page of HTML, with what stands around a recipe."""
    return (
        f"<!doctype html><html lang=en><head><title>A kitchen</title>{head}</head><body>"
        f"<nav><a href=/>Home</a></nav>{body}<footer>Comments (12)</footer></body></html>"
    )


def linked_data(found: Any) -> str:
    """A script with JSON-LD."""
    return f'<script type="application/ld+json">{json.dumps(found, ensure_ascii=False)}</script>'


def found(name: str, portions: str, *lines: str) -> FoundRecipe:
    """What is to be read of a page."""
    return FoundRecipe(name, portions, tuple(map(FoundLine, lines)))


_DAL = {
    "@context": "https://schema.org",
    "@type": "Recipe",
    "name": "Dal",
    "recipeYield": "4 servings",
    "recipeIngredient": ["200 g lentils", "1 tsp turmeric", "2 g salt &amp; pepper"],
    "recipeInstructions": [{"@type": "HowToStep", "text": "Stir."}],
}
_GRAPH = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebSite", "name": "Uma cozinha"},
        {"@type": "BreadcrumbList", "itemListElement": []},
        {
            "@type": ["Recipe", "NewsArticle"],
            "name": "Feijão",
            "recipeYield": ["6", "6 porções"],
            "recipeIngredient": ["6 g de sal", "½ colher (chá) de cominho"],
        },
    ],
}
_MAIN = {
    "@context": "https://schema.org/",
    "@type": "WebPage",
    "mainEntity": {
        "@type": "Recipe",
        "name": "Curry",
        "recipeIngredient": [
            {"@type": "PropertyValue", "name": "cumin", "value": 3, "unitText": "g"},
            "1 pinch nutmeg",
        ],
    },
}
_MICRODATA = """
<article itemscope itemtype="https://schema.org/Recipe">
  <h1 itemprop="name">Arroz doce</h1>
  <p>Rende <span itemprop="recipeYield">8 porções</span></p>
  <ul><li itemprop="recipeIngredient">2 g de <b>canela</b> em pó</li>
      <li itemprop="recipeIngredient">1 xícara de arroz</li></ul>
  <div itemprop="recipeInstructions">Cozinhe.</div>
</article>"""
_UNCLOSED = """
<div itemscope itemtype=http://schema.org/Recipe><h1 itemprop=name>Sopa
<li itemprop=ingredients>3 g de p&aacute;prica<li itemprop=ingredients>1 l de &aacute;gua
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "Recipe", </script>
"""

PAGES: dict[str, tuple[str, list[FoundRecipe]]] = {
    "JSON-LD": (
        page("<h1>Dal</h1>", linked_data(_DAL)),
        [found("Dal", "4", "200 g lentils", "1 tsp turmeric", "2 g salt & pepper")],
    ),
    "@graph": (
        page("<h1>Feijão</h1>", linked_data(_GRAPH)),
        [found("Feijão", "6", "6 g de sal", "½ colher (chá) de cominho")],
    ),
    "mainEntity": (
        page("", linked_data(_MAIN)),
        [found("Curry", "", "3 g cumin", "1 pinch nutmeg")],
    ),
    "a list with line breaks in it": (
        page("", linked_data([_DAL]).replace('"Dal"', '"Dal\n\tof the house"')),
        [found("Dal of the house", "4", "200 g lentils", "1 tsp turmeric", "2 g salt & pepper")],
    ),
    "microdata": (
        page(_MICRODATA),
        [found("Arroz doce", "8", "2 g de canela em pó", "1 xícara de arroz")],
    ),
    "unclosed, and half of it missing": (
        f"<html><body>{_UNCLOSED}",
        [found("Sopa", "", "3 g de páprica", "1 l de água")],
    ),
    "no recipe": (page("<h1>About us</h1><p>2 g of salt</p>"), []),
    "of another kind": (page("", linked_data({**_DAL, "@type": "Product"})), []),
    "a recipe of nothing": (page("", linked_data({**_DAL, "recipeIngredient": []})), []),
    "JSON-LD of the wrong shape": (
        page("", linked_data({**_DAL, "recipeIngredient": {"a": 1}, "name": 7, "@graph": 3})),
        [],
    ),
    "nothing but brackets": ("<" * 2000, []),
}
"""Each with what is to be read of it."""
