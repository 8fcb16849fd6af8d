"""What an owner sets of a dispenser: its settings, its name, whether it is the default one."""

from collections.abc import Mapping

from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.dispenser import Dispenser
from yaguts.domain.ids import KitchenId
from yaguts.domain.people import Actor
from yaguts.services import audit_log
from yaguts.services.runtime.context import Site
from yaguts.storage import dispensers, replacements
from yaguts.storage.db.database import Connection


def configure(
    site: Site,
    kitchen_id: KitchenId,
    dispenser_id: int,
    changes: Mapping[str, bool],
    by: Actor,
) -> Dispenser:
    """Change the settings with these names, see `DispenserSettings`. Raises `NotFound`."""
    with site.database.write() as connection:
        before = dispensers.find(connection, kitchen_id, dispenser_id)
        if not changes:
            return before
        dispensers.configure(connection, dispenser_id, changes)
        _note_configured(site, connection, kitchen_id, dispenser_id, by)
        return dispensers.find(connection, kitchen_id, dispenser_id)


def rename(
    site: Site, kitchen_id: KitchenId, dispenser_id: int, name: str | None, by: Actor
) -> Dispenser:
    """Give the dispenser a name, or its number again. Raises `NotFound`."""
    with site.database.write() as connection:
        dispensers.find(connection, kitchen_id, dispenser_id)
        dispensers.rename(connection, dispenser_id, name)
        _note_configured(site, connection, kitchen_id, dispenser_id, by)
        return dispensers.find(connection, kitchen_id, dispenser_id)


def make_default(site: Site, kitchen_id: KitchenId, dispenser_id: int, by: Actor) -> Dispenser:
    """Make it the dispenser for orders and settings that name none. Raises `NotFound`."""
    with site.database.write() as connection:
        dispensers.find(connection, kitchen_id, dispenser_id)
        dispensers.make_default(connection, kitchen_id, dispenser_id)
        replacements.answered(connection, kitchen_id, None)
        _note_configured(site, connection, kitchen_id, dispenser_id, by)
        return dispensers.find(connection, kitchen_id, dispenser_id)


def _note_configured(
    site: Site, connection: Connection, kitchen_id: KitchenId, dispenser_id: int, by: Actor
) -> None:
    audit_log.note(site, connection, AuditEvent.CONFIGURED, kitchen_id, by, dispenser=dispenser_id)
