"""What a page showed of an order: written into its form, and read from it."""

from typing import cast
from urllib.parse import parse_qsl, urlencode

from yaguts.domain.errors import NotAsShown
from yaguts.domain.jobs.shown import Difference, Portion
from yaguts.domain.units import Milligrams
from yaguts.services.jobs.preview import Preview
from yaguts.translations import Language
from yaguts.translations.amounts import both_grams
from yaguts.translations.pages import page_text

SHOWN = "shown"
"""The field of the form."""
_BY_HAND = "hand "


def shown_in(seen: Preview) -> str:
    """What the page shows, for its form: the spices and milligrams, as an address writes them."""
    return urlencode([
        ((_BY_HAND if share.level is None else "") + share.spice, share.quantity)
        for share in seen.shares
    ])  # fmt: skip


def as_shown(text: str) -> tuple[Portion, ...] | None:
    """What the page showed; None if its form does not say so. What makes no sense
    was not shown.
    """
    if not text:
        return None
    return tuple(
        Portion(
            spice.removeprefix(_BY_HAND),
            Milligrams(int(amount)),
            by_hand=spice.startswith(_BY_HAND),
        )
        for spice, amount in parse_qsl(text)
        if amount.isascii() and amount.isdecimal() and len(amount) < 12
    )


def told(error: NotAsShown, language: Language) -> list[str]:
    """A sentence for each difference."""
    differences = cast("tuple[Difference, ...]", error.fields["now"])
    return [_told(one, language) for one in differences]


def _told(one: Difference, language: Language) -> str:
    by_hand = page_text(language, "stale.by_hand", spice=one.spice)
    before, now = both_grams(one.before, one.now, language)
    spice = by_hand if one.by_hand else one.spice
    fields = {"spice": spice, "before": before, "now": now}
    if not one.before:
        return page_text(language, "stale.part_new", **fields)
    if not one.now:
        return page_text(language, "stale.part_gone", **fields)
    return page_text(language, "stale.part", **fields)
