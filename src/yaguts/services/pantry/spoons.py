"""The kitchen's own densities: weigh one level spoon of a spice, and take that back."""

from dataclasses import replace

from yaguts.domain.amounts.spoons import WeighedSpoon
from yaguts.domain.ids import KitchenId
from yaguts.services.runtime.context import Site
from yaguts.storage import weighed_spoons
from yaguts.storage.db.locks import lock


def weighed(site: Site, kitchen_id: KitchenId) -> tuple[WeighedSpoon, ...]:
    """The spoons that were weighed in the kitchen, the latest first."""
    with site.database.read() as connection:
        return weighed_spoons.of(connection, kitchen_id)


def weigh(site: Site, kitchen_id: KitchenId, spoon: WeighedSpoon) -> None:
    """Keep what a spoon weighed, in place of the one of this spice before."""
    with site.database.write() as connection:
        lock(connection, f"spoons of {kitchen_id}")
        weighed_spoons.keep(connection, kitchen_id, replace(spoon, at=site.clock()))


def forget(site: Site, kitchen_id: KitchenId, spice: str) -> None:
    """Forget the spoon of this spice: the table of densities holds again."""
    with site.database.write() as connection:
        lock(connection, f"spoons of {kitchen_id}")
        weighed_spoons.remove(connection, kitchen_id, spice)
