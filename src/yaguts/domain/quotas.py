"""How much one kitchen, or one person, may keep: far more than a household needs, and not all."""

from yaguts.domain.errors import TooMany

MOST_RECIPES = 5000
"""Of a kitchen."""
MOST_SPICES = 1000
"""In all recipes of a kitchen together, each counted once. Every form offers them all."""
MOST_DISPENSERS = 50
"""Of a kitchen."""
MOST_MEMBERS = 50
"""Of a kitchen, besides its owner."""
MOST_SESSIONS = 50
"""Of a person. When there is one more, the one that was unused for longest ends."""
MOST_LIVE_PAGES = 20
"""Of a person, in one server process."""


def insist_on_room(what: str, there: int, most: int) -> None:
    """Check that one more fits beside those that are there. Raises `TooMany`."""
    if there >= most:
        raise TooMany(what=what, most=most)
