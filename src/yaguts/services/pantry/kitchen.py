"""The kitchen at one moment: the dispenser, its jars, the recipes, the active jobs."""

from collections.abc import Sequence
from dataclasses import dataclass

from yaguts.domain.clock import lately
from yaguts.domain.dispenser import Dispenser
from yaguts.domain.ids import KitchenId
from yaguts.domain.jobs.job import ACTIVE, Job
from yaguts.domain.jobs.planning import Obstacle, Plan, plan
from yaguts.domain.jobs.queue import place, queue_of
from yaguts.domain.recipe import Recipe
from yaguts.domain.stock.levels import LOOKED_BACK, Level, level
from yaguts.services.pantry.recipes import mentions
from yaguts.services.runtime.context import Site
from yaguts.storage import dispensers, jobs, ledger, recipes
from yaguts.storage.db.database import Connection


@dataclass(frozen=True, slots=True)
class Card:
    """A recipe, and the obstacles to it as it is written."""

    recipe: Recipe
    reasons: tuple[Obstacle, ...]


@dataclass(frozen=True, slots=True)
class Ordered:
    """An active job, its recipe, and its place in the queue.

    `recipe` is None when it is removed, `place` when the job does not wait.
    """

    job: Job
    recipe: Recipe | None
    place: int | None


@dataclass(frozen=True, slots=True)
class KitchenView:
    """A kitchen at one moment, around one of its dispensers.

    `hidden` recipes do not match the search. `active` is the first job, `queue` the jobs behind it.
    """

    dispenser: Dispenser
    dispensers: tuple[Dispenser, ...]
    shelf: tuple[Level, ...]
    cards: tuple[Card, ...]
    hidden: int
    active: Ordered | None
    queue: tuple[Ordered, ...]


def look(
    site: Site, kitchen_id: KitchenId, text: str = "", dispenser_id: int | None = None
) -> KitchenView:
    """The kitchen now, with the recipes that mention the text. Raises `NotFound`.

    `dispenser_id`: None is the default one.
    """
    with site.database.read() as connection:
        dispenser = dispensers.named_or_default(connection, kitchen_id, dispenser_id)
        mine = dispensers.of(connection, kitchen_id)
        shelf = levels(site, connection, dispenser)
        everything = recipes.of(connection, kitchen_id)
        waiting = queue_of(jobs.of_dispenser(connection, dispenser.id, ACTIVE))
    jars = [each.jar for each in shelf]
    shown = [recipe for recipe in everything if mentions(recipe, text)]
    cards = tuple(Card(recipe, _reasons(plan(recipe, recipe.portions, jars))) for recipe in shown)
    hidden = len(everything) - len(shown)
    ordered = [Ordered(job, _recipe_of(job, everything), place(job, waiting)) for job in waiting]
    active, queue = (ordered[0] if ordered else None), tuple(ordered[1:])
    return KitchenView(dispenser, mine, shelf, cards, hidden, active, queue)


def levels(site: Site, connection: Connection, dispenser: Dispenser) -> tuple[Level, ...]:
    """The levels of a dispenser's jars, by number."""
    now = site.clock()
    usage = ledger.usage(connection, dispenser.id, lately(now, LOOKED_BACK))
    jars = dispensers.jars_of(connection, dispenser.id)
    return tuple(level(jar, usage.get(jar.number), now) for jar in jars)


def _reasons(planned: Plan | tuple[Obstacle, ...]) -> tuple[Obstacle, ...]:
    return () if isinstance(planned, Plan) else planned


def _recipe_of(job: Job, everything: Sequence[Recipe]) -> Recipe | None:
    return next((recipe for recipe in everything if recipe.id == job.recipe_id), None)
