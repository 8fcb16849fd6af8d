"""A virtual dispenser for a kitchen without a board: the real firmware, run by this server."""

from yaguts.domain.dispenser import Dispenser
from yaguts.domain.errors import NoMoreVirtual
from yaguts.domain.ids import KitchenId
from yaguts.domain.people import Actor
from yaguts.services.dispensers import pairing_codes
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.tokens import keyed_hash
from yaguts.services.tryout import examples


def uid_of(site: Site, kitchen_id: KitchenId) -> str:
    """The uid of the kitchen's virtual board: always the same, so that it finds its jars again.

    Nobody else can guess it, and so stop it by unpairing a board with the same uid.
    """
    return f"virtual-{keyed_hash(site, f'virtual board {kitchen_id}')[:16]}"


def start(site: Site, kitchen_id: KitchenId, server: str, by: Actor) -> None:
    """Start the kitchen's virtual board. `server` is the address at which it finds us.

    The first start adds example jars and recipes where there are none. Raises `NoMoreVirtual`.
    """
    uid = uid_of(site, kitchen_id)
    if not site.boards.start(
        uid, server, lambda: pairing_codes.new_code(site, kitchen_id, long=True).text
    ):
        raise NoMoreVirtual
    examples.furnish(site, kitchen_id, by)


def may_start(site: Site, dispenser: Dispenser) -> bool:
    """Whether the dispenser is a virtual one that its owner may start again."""
    return site.boards.offered and dispenser.uid == uid_of(site, dispenser.kitchen_id)
