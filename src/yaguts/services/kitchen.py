"""The kitchen at a glance: the dispenser, its jars, the recipes, and what is under way."""

from collections.abc import Sequence
from dataclasses import dataclass

from yaguts.domain.dispenser import Dispenser
from yaguts.domain.job import Job
from yaguts.domain.planning import Plan, Reason, plan
from yaguts.domain.recipe import Recipe
from yaguts.domain.shelf import LOOKED_BACK, Level, level
from yaguts.services.context import Site
from yaguts.services.recipes import mentions
from yaguts.storage import dispensers, jobs, ledger, recipes
from yaguts.storage.database import Connection


@dataclass(frozen=True, slots=True)
class Card:
    """A recipe, and what stands in the way of making it as it is written."""

    recipe: Recipe
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Kitchen:
    """One moment of a person's kitchen, around one of its dispensers.

    `hidden` recipes do not match the search.
    """

    dispenser: Dispenser
    dispensers: tuple[Dispenser, ...]
    shelf: tuple[Level, ...]
    cards: tuple[Card, ...]
    hidden: int
    active: Job | None
    active_recipe: Recipe | None


def look(site: Site, person_id: int, text: str = "", dispenser_id: int | None = None) -> Kitchen:
    """The person's kitchen now, and those of the recipes that mention the text.

    It is seen from the dispenser that is named, or else from the default one.
    """
    with site.database.read() as connection:
        dispenser = dispensers.named_or_default(connection, person_id, dispenser_id)
        mine = dispensers.of(connection, person_id)
        shelf = levels(site, connection, dispenser)
        everything = recipes.of(connection, person_id)
        active = jobs.active_on(connection, dispenser.id)
    jars = [each.jar for each in shelf]
    shown = [recipe for recipe in everything if mentions(recipe, text)]
    cards = tuple(Card(recipe, _reasons(plan(recipe, recipe.portions, jars))) for recipe in shown)
    hidden = len(everything) - len(shown)
    return Kitchen(dispenser, mine, shelf, cards, hidden, active, _recipe_of(active, everything))


def levels(site: Site, connection: Connection, dispenser: Dispenser) -> tuple[Level, ...]:
    """The levels of a dispenser's jars, by number."""
    now = site.clock()
    usage = ledger.usage(connection, dispenser.id, now - LOOKED_BACK)
    jars = dispensers.jars_of(connection, dispenser.id)
    return tuple(level(jar, usage.get(jar.number), now) for jar in jars)


def _reasons(planned: Plan | tuple[Reason, ...]) -> tuple[Reason, ...]:
    return () if isinstance(planned, Plan) else planned


def _recipe_of(job: Job | None, everything: Sequence[Recipe]) -> Recipe | None:
    if job is None:
        return None
    return next((recipe for recipe in everything if recipe.id == job.recipe_id), None)
