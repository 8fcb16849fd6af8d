"""The boards about which the owner is asked: does it replace another one?"""

from collections.abc import Mapping, Sequence

from yaguts.domain.dispenser import Dispenser
from yaguts.services.delivery import replacement
from yaguts.services.dispensers import dispensers
from yaguts.web.visit import Visit


def newcomers(visit: Visit) -> Mapping[int, Sequence[Dispenser]]:
    """The dispensers with a new board, each with those whose board it may replace.

    None for a member, who configures nothing.
    """
    if not visit.person.is_owner:
        return {}
    asked = replacement.asked_about(visit.site, visit.kitchen_id)
    if not asked:
        return {}
    others = dispensers.everything_of(visit.site, visit.kitchen_id)
    places = [one for one in others if one.id not in asked]
    return dict.fromkeys(sorted(asked), places)
