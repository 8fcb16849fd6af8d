"""A virtual dispenser for whoever has no board at hand: the real firmware, run by this server."""

from yaguts.domain.dispenser import Dispenser
from yaguts.domain.errors import NoMoreVirtual
from yaguts.domain.ids import KitchenId
from yaguts.domain.people import Actor
from yaguts.services.dispensers import pairing
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.tokens import code_hash
from yaguts.services.tryout import examples


def uid_of(site: Site, kitchen_id: KitchenId) -> str:
    """The person's virtual board: always the same, so that it finds its jars again.

    Nobody else can name it, and so pull its plug by unlinking a board that they call the same.
    """
    return f"virtual-{code_hash(site, f'virtual board {kitchen_id}')[:16]}"


def start(site: Site, kitchen_id: KitchenId, server: str, by: Actor) -> None:
    """Plug in the person's virtual board; `server` is where it finds us.

    With the first one comes something to try it with: full jars and recipes, where there are none.
    """
    uid = uid_of(site, kitchen_id)
    if not site.boards.start(
        uid, server, lambda: pairing.new_code(site, kitchen_id, long=True).text
    ):
        raise NoMoreVirtual
    examples.furnish(site, kitchen_id, by)


def may_start(site: Site, dispenser: Dispenser) -> bool:
    """Whether the dispenser is a virtual one that its owner may plug in again."""
    return site.boards.offered and dispenser.uid == uid_of(site, dispenser.kitchen_id)
