"""The translations: one catalogue a language, under stable English codes.

A field of an error may refine its key: `not_found` with `what="recipe"` is looked up as
`not_found.recipe` first.
"""

from collections.abc import Mapping
from typing import Literal, cast

from yaguts.domain.errors import NotPlannable, YagutsError
from yaguts.domain.jobs.planning import Obstacle
from yaguts.translations.amounts import wait
from yaguts.translations.en import errors as en_errors
from yaguts.translations.en import obstacles as en_obstacles
from yaguts.translations.obstacles import code_and_fields
from yaguts.translations.pt_br import errors as pt_br_errors
from yaguts.translations.pt_br import obstacles as pt_br_obstacles

Language = Literal["pt_BR", "en"]

CATALOGUES: Mapping[Language, Mapping[str, str]] = {
    "pt_BR": {**pt_br_errors.TEXTS, **pt_br_obstacles.TEXTS},
    "en": {**en_errors.TEXTS, **en_obstacles.TEXTS},
}
_REFINED_BY = ("what", "problem", "event")


def translated(code: str, language: Language = "pt_BR", **fields: object) -> str:
    """The text of this code, with its gaps filled."""
    return CATALOGUES[language][code].format_map(fields)


def explain(error: YagutsError, language: Language = "pt_BR") -> str:
    """The text for an error, with the obstacles if there are any."""
    if isinstance(error, NotPlannable):
        reasons = cast("tuple[Obstacle, ...]", error.fields["reasons"])
        return " ".join(_explain_reason(reason, language) for reason in reasons)
    fields = error.fields
    if "wait_s" in fields:  # The text says it in words, with its unit.
        fields = {**fields, "wait_s": wait(cast("int", fields["wait_s"]), language)}
    return translated(code_of(error), language, **fields)


def _explain_reason(reason: Obstacle, language: Language) -> str:
    code, fields = code_and_fields(reason, language)
    return translated(code, language, **fields)


def code_of(error: YagutsError) -> str:
    """The code of an error, refined as far as there is a text for it."""
    for field in _REFINED_BY:
        refined = f"{error.code}.{error.fields.get(field)}"
        if refined in CATALOGUES["en"]:
            return refined
    return error.code
