"""What an order would do: jar by jar, or every obstacle."""

from dataclasses import dataclass

from yaguts.domain.dispenser import Dispenser
from yaguts.domain.ids import KitchenId
from yaguts.domain.jobs.job import ACTIVE, Job
from yaguts.domain.jobs.planning import Obstacle, Plan, jar_for, plan, pour_time, quantity_for
from yaguts.domain.jobs.queue import queue_of
from yaguts.domain.recipe import Ingredient, Recipe
from yaguts.domain.stock.levels import Level
from yaguts.domain.units import Milligrams, Milliseconds
from yaguts.services.pantry.kitchen import levels
from yaguts.services.runtime.context import Site
from yaguts.storage import dispensers, jobs, recipes


@dataclass(frozen=True, slots=True)
class Share:
    """One ingredient: its jar, and how long it would pour, as far as it is known."""

    spice: str
    quantity: Milligrams
    level: Level | None
    duration: Milliseconds | None


@dataclass(frozen=True, slots=True)
class Preview:
    """A recipe for a number of people, before it is ordered. `before`: the dispenser's active
    jobs.
    """

    recipe: Recipe
    people: int
    dispenser: Dispenser
    dispensers: tuple[Dispenser, ...]
    shares: tuple[Share, ...]
    reasons: tuple[Obstacle, ...]
    before: tuple[Job, ...]
    by_hand: bool

    @property
    def duration(self) -> Milliseconds:
        """How long the dispenser would be busy, motor delays included."""
        motor = self.dispenser.motor
        pauses = motor.pre_start_ms + motor.post_stop_ms
        poured = [share for share in self.shares if share.level is not None]
        return Milliseconds(sum((share.duration or 0) + pauses for share in poured))

    @property
    def hand_could_help(self) -> bool:
        """Whether some ingredients have a jar and some have none, which the cook may add."""
        return len({share.level is None for share in self.shares}) > 1


def preview(
    site: Site,
    kitchen_id: KitchenId,
    recipe_id: int,
    people: int | None,
    dispenser_id: int | None = None,
    *,
    by_hand: bool = False,
) -> Preview:
    """Look at an order without enqueueing it. Raises `NotFound`.

    `people`: None is the recipe's own number. `dispenser_id`: None is the default one. `by_hand`:
    the cook adds what no jar holds.
    """
    with site.database.read() as connection:
        recipe = recipes.find(connection, kitchen_id, recipe_id)
        dispenser = dispensers.named_or_default(connection, kitchen_id, dispenser_id)
        mine = dispensers.of(connection, kitchen_id)
        shelf = levels(site, connection, dispenser)
        before = queue_of(jobs.of_dispenser(connection, dispenser.id, ACTIVE))
    people = people or recipe.portions
    planned = plan(recipe, people, [level.jar for level in shelf], by_hand=by_hand)
    return Preview(
        recipe=recipe,
        people=people,
        dispenser=dispenser,
        dispensers=mine,
        shares=tuple(_share(part, recipe, people, shelf) for part in recipe.ingredients),
        reasons=() if isinstance(planned, Plan) else planned,
        before=before,
        by_hand=by_hand,
    )


def _share(part: Ingredient, recipe: Recipe, people: int, shelf: tuple[Level, ...]) -> Share:
    quantity = quantity_for(part, recipe, people)
    jar = jar_for(part.spice, [level.jar for level in shelf])
    if jar is None:
        return Share(part.spice, quantity, None, None)
    level = next(level for level in shelf if level.jar is jar)
    return Share(part.spice, quantity, level, pour_time(quantity, jar.rate) if jar.rate else None)
