"""The spices that a field proposes: those of the kitchen, and common ones in the reader's words."""

from collections.abc import Iterable

from yaguts.domain.recipe import search_key
from yaguts.translations import Language
from yaguts.translations.spices import common_spices
from yaguts_wire.words import BASE_SPICES


def proposed(catalogue: Iterable[str], language: Language) -> list[str]:
    """Each once, sorted. In English, Portuguese names are those that the kitchen uses."""
    known = [name for name in catalogue if language == "pt_BR" or name not in BASE_SPICES]
    once: dict[str, str] = {}
    for name in (*known, *common_spices(language)):
        once.setdefault(search_key(name), name)
    return sorted(once.values(), key=search_key)
