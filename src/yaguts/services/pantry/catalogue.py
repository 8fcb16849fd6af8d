"""The spices that a jar may be labelled with."""

from collections.abc import Iterable

from yaguts.domain.ids import KitchenId
from yaguts.domain.recipe import same_spice, search_key
from yaguts.services.runtime.context import Site
from yaguts.storage import recipes
from yaguts.storage.db.database import Connection
from yaguts_wire.words import BASE_SPICES


def spices(site: Site, kitchen_id: KitchenId | None) -> list[str]:
    """The base list and the spices of the kitchen's recipes, each once, sorted for a cook."""
    if kitchen_id is None:
        return _sorted(BASE_SPICES)
    with site.database.read() as connection:
        return spices_of(connection, kitchen_id)


def spices_of(connection: Connection, kitchen_id: KitchenId) -> list[str]:
    """The same, inside a transaction."""
    return _sorted((*BASE_SPICES, *recipes.spices_of(connection, kitchen_id)))


def as_listed(spice: str, catalogue: Iterable[str]) -> str | None:
    """The spice as the catalogue spells it, or None when it is not listed."""
    return next((listed for listed in catalogue if same_spice(listed, spice)), None)


def spelled(spice: str, catalogue: Iterable[str]) -> str:
    """The spice as the catalogue spells it, or else as it was typed."""
    return as_listed(spice, catalogue) or " ".join(spice.split())


def _sorted(names: Iterable[str]) -> list[str]:
    once: dict[str, str] = {}
    for name in names:
        once.setdefault(search_key(name), name)
    return sorted(once.values(), key=lambda name: (search_key(name), name))
