"""One job for somebody who watches it, with all that is known around it."""

from collections.abc import Mapping
from dataclasses import dataclass

from yaguts.domain.dispenser import Dispenser
from yaguts.domain.ids import KitchenId
from yaguts.domain.jobs.job import WAITING, Job
from yaguts.domain.jobs.ownership import of_kitchen
from yaguts.domain.jobs.queue import place
from yaguts.domain.recipe import Ingredient, Recipe
from yaguts.domain.stock.levels import Level
from yaguts.services.pantry.kitchen import levels
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.progress import DoseProgress
from yaguts.storage import by_hand, dispensers, jobs, recipes
from yaguts.storage.db.database import Connection


@dataclass(frozen=True, slots=True)
class Watched:
    """A job, the progress of its doses, and what became of it later.

    `recipe`: None when it is removed. `retry`: the job that orders what is missing. `by_hand`: what
    the cook adds. `levels`: its dispenser's jars, by number. `place`: the job's place in the
    queue. `behind`: how many come after it.
    """

    job: Job
    steps: Mapping[int, DoseProgress]
    dispenser: Dispenser
    recipe: Recipe | None
    retry: Job | None
    by_hand: tuple[Ingredient, ...]
    levels: Mapping[int, Level]
    place: int | None
    behind: int


def watch(site: Site, kitchen_id: KitchenId, job_id: int) -> Watched:
    """One of the person's jobs, now."""
    with site.database.read() as connection:
        job = of_kitchen(jobs.find(connection, job_id), kitchen_id)
        dispenser = dispensers.find(connection, kitchen_id, job.dispenser_id)
        recipe = _recipe(connection, job)
        retry = jobs.retry_of(connection, job_id)
        parts = by_hand.of(connection, job_id)
        shelf = levels(site, connection, dispenser)
        waiting = jobs.of_dispenser(connection, job.dispenser_id, WAITING)
    return Watched(
        job=job,
        steps=site.progress.of(job_id),
        dispenser=dispenser,
        recipe=recipe,
        retry=retry,
        by_hand=parts,
        levels={level.jar.number: level for level in shelf},
        place=place(job, waiting),
        behind=sum(one.id > job_id for one in waiting),
    )


def _recipe(connection: Connection, job: Job) -> Recipe | None:
    if job.recipe_id is None:
        return None
    return recipes.find(connection, job.kitchen_id, job.recipe_id)
