"""The code of an obstacle's text, and what fills its gaps."""

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
from yaguts.translations.amounts import grams, grams_at_least, grams_at_most, whole_seconds


def code_and_fields(reason: Obstacle, language: str) -> tuple[str, dict[str, object]]:
    """The key of the text and its fields, with amounts written out."""
    match reason:
        case NoJar(spice):
            return "reason.no_jar", {"spice": spice}
        case OutOfReach(jar):
            return "reason.out_of_reach", {"jar": jar}
        case NotCalibrated(jar, spice):
            return "reason.not_calibrated", {"jar": jar, "spice": spice}
        case TooLittle(jar, spice, needed, present):
            amounts = {
                "needed": grams_at_most(needed, language),
                "present": grams_at_least(present, language),
            }
            return "reason.too_little", {"jar": jar, "spice": spice, **amounts}
        case NotEmpty(jar, present):
            return "reason.not_empty", {"jar": jar, "present": grams(present, language)}
        case TooLong(jar, spice, duration):
            seconds = whole_seconds(duration)
            return "reason.too_long", {"jar": jar, "spice": spice, "seconds": seconds}
        case TooSmall(spice):
            return "reason.too_small", {"spice": spice}
