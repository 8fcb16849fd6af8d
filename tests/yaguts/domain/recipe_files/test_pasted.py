"""Texts as they come: what is long takes no longer than its length, and no sign is lost."""

import json
import time

import pytest

from yaguts.domain.recipe_files.found import composed
from yaguts.domain.recipe_files.passing import passed_on, taken_over
from yaguts.domain.recipe_files.pasted import read_pasted
from yaguts.domain.recipe_files.reading import read_file

LARGE = 64 * 1024


@pytest.mark.parametrize("word", ["para", "porcoes", "1 a ", "2 colheres de ", "½"])
def test_a_word_again_and_again_is_soon_read(word: str) -> None:
    """What is read holds up everything else in the process. A second is a hundred times enough."""
    text = word * (LARGE // len(word.encode()))
    began = time.process_time()
    read_pasted(f"Bolo\n{text}", "pt_BR")

    assert time.process_time() - began < 1


def test_entities_are_read_and_less_than_is_no_tag() -> None:
    lines = ["&frac12; x\u00edcara de caf\u00e9 &amp; leite", "<b>2 g</b> de sal"]
    page = {"@type": "Recipe", "name": "Caf&eacute;", "recipeIngredient": lines}
    [read] = read_file(json.dumps(page).encode(), "pt_BR")
    ours = {"nome": "A", "ingredientes": [], "a_mao": ["azeite <extra>", "sal < 5 g, x > 2"]}
    [kept] = read_file(json.dumps(ours).encode(), "pt_BR")

    assert (read.name, [line.text for line in read.lines]) == (
        "Café",
        ["½ xícara de café & leite", "2 g de sal"],
    )
    assert [line.text for line in kept.lines] == ours["a_mao"]
    assert taken_over(passed_on(kept)) == kept


@pytest.mark.parametrize(
    ("quantity", "line"),
    [(2.9999999, "3 g sal"), (0.33333334, "1/3 g sal"), (1.27, "1,27 g sal"), (1e-9, "sal")],
)
def test_a_number_has_no_mark_without_digits(quantity: float, line: str) -> None:
    assert composed(quantity, "g", "sal", "pt_BR") == line


@pytest.mark.parametrize(
    ("text", "language", "name", "portions", "lines"),
    [
        ("Frango para 6 pessoas\nsal 6 g", "pt_BR", "Frango para 6 pessoas", "6", ["sal 6 g"]),
        ("Muffins (makes 12)\n2 g salt", "en", "Muffins (makes 12)", "12", ["2 g salt"]),
        ("*Bolo da Tia* 🥕\n2 g de sal", "pt_BR", "Bolo da Tia 🥕", "", ["2 g de sal"]),
        ("## Curry\n2 g salt", "en", "Curry", "", ["2 g salt"]),
        (
            "Pão\n\nIngredientes da massa:\n10 g de sal\nModo de preparo da massa\nMisture 5 g",
            "pt_BR",
            "Pão",
            "",
            ["10 g de sal"],
        ),
        (
            "Soup\nIngredients (4 servings)\n2 g salt\n**Method:**\nBoil with 1 g salt",
            "en",
            "Soup",
            "4",
            ["2 g salt"],
        ),
        (
            "Caldo\n1 kg de frango para 4 pessoas\n2 porções de arroz\n4 a 6 porções",
            "pt_BR",
            "Caldo",
            "4",
            ["1 kg de frango para 4 pessoas", "2 porções de arroz"],
        ),
        ("1 kg de frango para 4 pessoas\nsal 6 g", "pt_BR", "", "4",
         ["1 kg de frango para 4 pessoas", "sal 6 g"]),
        ("Serve 4\nsal 6 g", "pt_BR", "", "4", ["sal 6 g"]),
        ("Rende 8 porções\nsal 6 g", "pt_BR", "", "8", ["sal 6 g"]),
        ("Sal 5 g\nPimenta 2 g", "pt_BR", "", "", ["Sal 5 g", "Pimenta 2 g"]),
        ("Caldo\nPreparo de legumes 5 g\nsal 2 g", "pt_BR", "Caldo", "",
         ["Preparo de legumes 5 g", "sal 2 g"]),
    ],
)  # fmt: skip
def test_headings_are_told_from_ingredients(
    text: str, language: str, name: str, portions: str, lines: list[str]
) -> None:
    read = read_pasted(text, language)

    assert read is not None
    assert (read.name, read.portions) == (name, portions)
    assert [line.text for line in read.lines] == lines
