"""Whether a page offers to start a dispenser again."""

from yaguts.domain.dispenser import Dispenser
from yaguts.services.tryout import virtual_dispenser
from yaguts.web.visit import Visit


def may_start(visit: Visit, dispenser: Dispenser) -> bool:
    """Whether it is the owner's virtual dispenser, and does not run."""
    silent = not (dispenser.paired and dispenser.online(visit.now))
    return silent and visit.person.is_owner and virtual_dispenser.may_start(visit.site, dispenser)
