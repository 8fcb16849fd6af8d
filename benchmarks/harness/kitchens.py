"""Kitchens with dispensers, jars and a recipe, written into a new database at once."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from yaguts.domain.recipe import Ingredient, Motor, Recipe
from yaguts.domain.stock.ledger import MovementKind, MovementReason
from yaguts.domain.units import Milligrams
from yaguts.services.runtime.tokens import token_hash
from yaguts.storage import dispensers, people, recipes, sessions, tables
from yaguts.storage.db.database import Database
from yaguts.storage.db.migrate import upgrade
from yaguts_device import VERSION

SPICES = ("Sal", "Pimenta", "Orégano", "Cominho")
STOCK_MG = 400_000_000
RATE_UG_S = 2_000_000
DOSE = Milligrams(200)
"""A tenth of a second."""
MOST_OF_KITCHEN = 50


@dataclass(frozen=True)
class Dispenser:
    """A dispenser with its token, and who orders of it: a session, and the recipe's id."""

    id: int
    token: str
    session: str
    recipe_id: int


def sqlite_in(folder: Path) -> str:
    """The address of the database of a server with its data in this folder."""
    return f"sqlite:///{folder / 'yaguts.db'}"


def furnish(url: str, count: int, spices: Sequence[str] = SPICES) -> list[Dispenser]:
    """Make so many dispensers, fifty to a kitchen, and a recipe of these spices in each kitchen."""
    upgrade(url)
    database = Database(url)
    try:
        with database.write() as connection:
            made: list[Dispenser] = []
            while len(made) < count:
                made += _kitchen(connection, min(MOST_OF_KITCHEN, count - len(made)), spices)
            return made
    finally:
        database.close()


def _kitchen(connection: Connection, count: int, spices: Sequence[str]) -> list[Dispenser]:
    now, session = datetime.now(UTC), secrets.token_urlsafe(32)
    owner = people.add(connection, f"Ana {secrets.token_hex(6)}", "a hash", now)
    sessions.add(connection, token_hash(session), owner.id, now)
    parts = tuple(Ingredient(spice, DOSE) for spice in spices)
    recipe = recipes.add(connection, Recipe("Teste", 1, parts, kitchen_id=owner.kitchen_id), now)
    made: list[Dispenser] = []
    for place in range(count):
        token = secrets.token_urlsafe(32)
        one = dispensers.add(connection, owner.kitchen_id, default=place == 0)
        dispensers.pair(connection, one.id, f"board-{one.id}", token_hash(token), now)
        dispensers.change(connection, one.id, {"firmware": VERSION})
        dispensers.set_motor(connection, one.id, Motor(0, 0, 0, 300))
        made.append(Dispenser(one.id, token, session, recipe.id))
    _fill(connection, [one.id for one in made], now)
    return made


def _fill(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    for number, spice in enumerate(SPICES, 1):
        row = {"label": spice, "rate_ug_s": RATE_UG_S, "stock_known": True, "stock_mg": STOCK_MG}
        jars = tables.jars.c
        mine = jars.dispenser_id.in_(ids) & (jars.number == number)
        connection.execute(tables.jars.update().where(mine).values(row | {"updated_at": now}))
        refill = {"jar": number, "kind": MovementKind.REFILL, "amount_mg": STOCK_MG}
        refill |= {"reason": MovementReason.POURED_IN, "at": now}
        connection.execute(
            tables.movements.insert(), [refill | {"dispenser_id": one} for one in ids]
        )
