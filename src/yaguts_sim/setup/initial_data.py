"""The data that every history begins with, entered through the API: a person, recipes, jars."""

from yaguts_sim.setup.people import SimPerson
from yaguts_wire import words as w

SPICES = ("Sal", "Pimenta", "Orégano", "Cominho")
RATES_G_PER_S = ((2.0, 1.0, 0.5, 1.0), (0.8333, 6.0, 0.25, 1.5))
STOCK_G = 150.0

# Grams of salt, pepper, oregano and cumin, which take from a third of a second to a minute.
_RECIPES: tuple[tuple[float, float, float, float], ...] = (
    (0.7, 0, 0, 0),
    (4.0, 0, 0, 0),
    (0, 1.6, 0, 0),
    (0, 0, 0.9, 0),
    (3.0, 1.5, 0, 0),
    (0, 0, 0.5, 2.2),
    (1.2, 0.5, 0.4, 0),
    (2.0, 1.0, 0.5, 1.0),
    (5.0, 0.3, 1.1, 2.0),
    (0.6, 2.5, 0.2, 0.4),
    (0, 3.3, 0.1, 0),
    (20.0, 0, 6.0, 0),
)


def write_recipes(person: SimPerson) -> tuple[int, ...]:
    """Write the kitchen's recipes. Their ids."""
    return tuple(_write(person, number, grams) for number, grams in enumerate(_RECIPES))


def _write(person: SimPerson, number: int, grams: tuple[float, ...]) -> int:
    ingredients = [
        {w.SPICE: spice, w.QUANTITY: amount}
        for spice, amount in zip(SPICES, grams, strict=True)
        if amount
    ]
    body = {w.NAME: f"Prato {number}", w.PORTIONS: 1, w.INGREDIENTS: ingredients}
    return person.get("POST", "/receitas/", body)["id"]


def fill_jars(person: SimPerson, device_id: int, rates: tuple[float, ...]) -> None:
    """Label, calibrate and fill a dispenser's jars."""
    jars = [
        {w.JAR: number, w.LABEL: spice, w.RATE_G_PER_S: rate, w.STOCK_G: STOCK_G}
        for number, (spice, rate) in enumerate(zip(SPICES, rates, strict=True), start=1)
    ]
    person.get("PUT", f"/devices/{device_id}/jars", jars)
