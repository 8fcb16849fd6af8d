"""A dispenser that calls a service."""

from yaguts.domain.dispenser import Dispenser
from yaguts.services.runtime.context import Site
from yaguts.storage import dispensers


def caller(site: Site, dispenser_id: int) -> Dispenser:
    """The dispenser as it calls now, with its valid token."""
    with site.database.read() as connection:
        kitchen_id = dispensers.kitchen_of(connection, dispenser_id)
        return dispensers.find(connection, kitchen_id, dispenser_id)
