"""What an order would do: jar by jar, and every reason why not."""

from dataclasses import dataclass

from yaguts.domain.dispenser import Dispenser
from yaguts.domain.job import Job
from yaguts.domain.planning import Plan, Reason, jar_for, plan, pour_time, quantity_for
from yaguts.domain.recipe import Ingredient, Recipe
from yaguts.domain.shelf import Level
from yaguts.domain.units import Milligrams, Milliseconds
from yaguts.services.context import Site
from yaguts.services.kitchen import levels
from yaguts.storage import dispensers, jobs, recipes


@dataclass(frozen=True, slots=True)
class Share:
    """One ingredient's part: from which jar, and how long it would pour, as far as is known."""

    spice: str
    quantity: Milligrams
    level: Level | None
    duration: Milliseconds | None


@dataclass(frozen=True, slots=True)
class Preview:
    """A recipe for so many people, looked at before anything is ordered."""

    recipe: Recipe
    people: int
    dispenser: Dispenser
    shares: tuple[Share, ...]
    reasons: tuple[Reason, ...]
    active: Job | None

    @property
    def duration(self) -> Milliseconds:
        """How long the dispenser would be busy, motor included."""
        motor = self.dispenser.motor
        pauses = motor.pre_start_ms + motor.post_stop_ms
        return Milliseconds(sum((share.duration or 0) + pauses for share in self.shares))


def preview(site: Site, person_id: int, recipe_id: int, people: int | None) -> Preview:
    """Look at an order to the default dispenser; for as many as the recipe says, if nobody does."""
    with site.database.read() as connection:
        recipe = recipes.find(connection, person_id, recipe_id)
        dispenser = dispensers.default_of(connection, person_id)
        shelf = levels(site, connection, dispenser)
        active = next(iter(jobs.active_of(connection, person_id)), None)
    people = people or recipe.portions
    planned = plan(recipe, people, [level.jar for level in shelf])
    return Preview(
        recipe=recipe,
        people=people,
        dispenser=dispenser,
        shares=tuple(_share(part, recipe, people, shelf) for part in recipe.ingredients),
        reasons=() if isinstance(planned, Plan) else planned,
        active=active,
    )


def _share(part: Ingredient, recipe: Recipe, people: int, shelf: tuple[Level, ...]) -> Share:
    quantity = quantity_for(part, recipe, people)
    jar = jar_for(part.spice, [level.jar for level in shelf])
    if jar is None:
        return Share(part.spice, quantity, None, None)
    level = next(level for level in shelf if level.jar is jar)
    return Share(part.spice, quantity, level, pour_time(quantity, jar.rate) if jar.rate else None)
