"""The address of a recipe's page, with the number of people, the dispenser and `by_hand`."""

from urllib.parse import urlencode

from yaguts.domain.dispenser import Dispenser
from yaguts.services.jobs.preview import Preview
from yaguts.web.static_files import home


def recipe_address(
    seen: Preview, people: int, *, dispenser: Dispenser | None = None, by_hand: bool | None = None
) -> str:
    """The address for this many people. What is left out stays as it is."""
    hand = seen.by_hand if by_hand is None else by_hand
    query = {"people": str(people), **({"hand": "yes"} if hand else {})}
    also = _and_dispenser(dispenser or seen.dispenser)
    return f"{home()}recipes/{seen.recipe.id}?{urlencode(query)}{also}"


def dispenser_query(dispenser: Dispenser) -> str:
    """The query that names this dispenser; "" for the default one."""
    return _and_dispenser(dispenser).replace("&", "?")


def _and_dispenser(dispenser: Dispenser) -> str:
    return "" if dispenser.is_default else f"&dispenser={dispenser.id}"
