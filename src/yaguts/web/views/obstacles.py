"""The obstacles of an order, each with the page on which a cook can remove it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from yaguts.domain.jobs.planning import (
    NoJar,
    NotCalibrated,
    NotEmpty,
    Obstacle,
    OutOfReach,
    TooLittle,
    TooLong,
    TooSmall,
)
from yaguts.domain.people import Person
from yaguts.services.jobs.preview import Preview
from yaguts.translations import Language, translated
from yaguts.translations.obstacles import code_and_fields
from yaguts.translations.pages import page_text
from yaguts.web.static_files import home
from yaguts.web.views.recipe_address import recipe_address

_OWNERS_ONLY = ("remedy.assign", "remedy.calibrate", "remedy.calibration")


@dataclass(frozen=True, slots=True)
class ShownObstacle:
    """An obstacle in words, its remedy, and the address for it.

    The page there leads back to `back`. The address is None when only the owner may do it.
    """

    text: str
    remedy: str
    address: str | None


def obstacles(seen: Preview, language: Language, cook: Person) -> list[ShownObstacle]:
    """All obstacles, in the order of the recipe."""
    back = recipe_address(seen, seen.people)
    return [_obstacle(reason, seen, language, cook, back) for reason in seen.reasons]


def _obstacle(
    reason: Obstacle, seen: Preview, language: Language, cook: Person, back: str
) -> ShownObstacle:
    code, fields = code_and_fields(reason, language)
    remedy, path, query = _remedy(reason, seen)
    address = f"{home()}{path}?{urlencode({**query, 'back': back})}"
    if remedy in _OWNERS_ONLY and not cook.is_owner:
        return ShownObstacle(
            translated(code, language, **fields), page_text(language, "remedy.ask"), None
        )
    return ShownObstacle(translated(code, language, **fields), page_text(language, remedy), address)


def _remedy(reason: Obstacle, seen: Preview) -> tuple[str, str, dict[str, str]]:
    jars = f"dispensers/{seen.dispenser.id}/jars"
    match reason:
        case NoJar(spice):
            return "remedy.assign", jars, {"spice": spice}
        case OutOfReach(_, spice):
            return "remedy.assign", jars, {"spice": spice}
        case NotCalibrated(jar):
            return "remedy.calibrate", f"{jars}/{jar}/calibration", {}
        case TooLittle(jar):
            return "remedy.refill", f"{jars}/{jar}", {"open": "refill"}
        case NotEmpty(jar):
            return "remedy.purge", f"{jars}/{jar}", {"open": "purge"}
        case TooLong(jar):
            return "remedy.calibration", f"{jars}/{jar}/calibration", {}
        case TooSmall():
            return "remedy.recipe", f"recipes/{seen.recipe.id}/edit", {}
