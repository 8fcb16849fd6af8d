"""The kitchen at one moment: the dispenser, its jars, the active jobs, a page of recipes."""

from dataclasses import dataclass

from yaguts.domain.clock import lately
from yaguts.domain.dispenser import Dispenser
from yaguts.domain.ids import KitchenId
from yaguts.domain.jobs.job import ACTIVE, UNDER_WAY, Job
from yaguts.domain.jobs.planning import Obstacle, Plan, plan
from yaguts.domain.jobs.queue import place, queue_of
from yaguts.domain.recipe import Recipe
from yaguts.domain.stock.levels import LOOKED_BACK, Level, level
from yaguts.services.pantry.recipes import page_of
from yaguts.services.runtime.context import Site
from yaguts.storage import dispensers, jobs, ledger
from yaguts.storage.db.database import Connection

CARDS = 48
"""A page shows this many recipes."""


@dataclass(frozen=True, slots=True)
class Card:
    """A recipe, and the obstacles to it as it is written."""

    recipe: Recipe
    reasons: tuple[Obstacle, ...]


@dataclass(frozen=True, slots=True)
class Ordered:
    """An active job, and its place in the queue; None when it does not wait."""

    job: Job
    place: int | None


@dataclass(frozen=True, slots=True)
class KitchenView:
    """A kitchen at one moment, around one of its dispensers.

    `active` is the first job, which may be stopping, `queue` the jobs behind it.
    """

    dispenser: Dispenser
    dispensers: tuple[Dispenser, ...]
    shelf: tuple[Level, ...]
    active: Ordered | None
    queue: tuple[Ordered, ...]


@dataclass(frozen=True, slots=True)
class CardPage:
    """A page of the recipes that mention a text. `found`: how many there are on all pages."""

    cards: tuple[Card, ...]
    number: int
    found: int

    @property
    def first(self) -> int:
        """The place of the page's first card among all that are found, from 1."""
        return (self.number - 1) * CARDS + 1

    @property
    def last(self) -> int:
        """The place of the page's last card."""
        return self.first + len(self.cards) - 1


def look(site: Site, kitchen_id: KitchenId, dispenser_id: int | None = None) -> KitchenView:
    """The kitchen now. `dispenser_id`: None is the default one. Raises `NotFound`."""
    with site.database.read() as connection:
        dispenser = dispensers.named_or_default(connection, kitchen_id, dispenser_id)
        mine = dispensers.of(connection, kitchen_id)
        shelf = levels(site, connection, dispenser)
        open_jobs = jobs.of_dispenser(connection, dispenser.id, ACTIVE | UNDER_WAY)
    waiting = queue_of(open_jobs)
    stopping = [Ordered(job, None) for job in open_jobs if job.state not in ACTIVE]
    ordered = stopping + [Ordered(job, place(job, waiting)) for job in waiting]
    active, queue = (ordered[0] if ordered else None), tuple(ordered[1:])
    return KitchenView(dispenser, mine, shelf, active, queue)


def cards(
    site: Site, kitchen_id: KitchenId, seen: KitchenView, text: str = "", number: int = 1
) -> CardPage:
    """A page of the recipes that mention the text, and whether its dispenser can make each. The
    last page, if there are not so many.
    """
    with site.database.read() as connection:
        shown, found = page_of(connection, kitchen_id, text, CARDS, (number - 1) * CARDS)
    if found and not shown:
        return cards(site, kitchen_id, seen, text, -(-found // CARDS))
    jars = [each.jar for each in seen.shelf]
    made = (Card(recipe, _reasons(plan(recipe, recipe.portions, jars))) for recipe in shown)
    return CardPage(tuple(made), number, found)


def levels(site: Site, connection: Connection, dispenser: Dispenser) -> tuple[Level, ...]:
    """The levels of a dispenser's jars, by number."""
    now = site.clock()
    usage = ledger.usage(connection, dispenser.id, lately(now, LOOKED_BACK))
    jars = dispensers.jars_of(connection, dispenser.id)
    return tuple(level(jar, usage.get(jar.number), now) for jar in jars)


def _reasons(planned: Plan | tuple[Obstacle, ...]) -> tuple[Obstacle, ...]:
    return () if isinstance(planned, Plan) else planned
