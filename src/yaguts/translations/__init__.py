"""What Yaguts says to people: one catalogue a language, keyed by the stable English codes.

A key may be refined by a field of the error: `not_found` + `what="recipe"` is looked up as
`not_found.recipe` first.
"""

from collections.abc import Mapping
from typing import Literal, cast

from yaguts.domain.errors import NotPlannable, YagutsError
from yaguts.domain.jobs.planning import Obstacle
from yaguts.translations.en import errors as en
from yaguts.translations.planning_reasons import code_and_fields
from yaguts.translations.pt_br import errors as pt_br

Language = Literal["pt_BR", "en"]

CATALOGUES: Mapping[Language, Mapping[str, str]] = {
    "pt_BR": pt_br.SENTENCES,
    "en": en.SENTENCES,
}
_REFINED_BY = ("what", "problem", "event")


def sentence(code: str, language: Language = "pt_BR", **fields: object) -> str:
    """The sentence with this code, its gaps filled."""
    return CATALOGUES[language][code].format_map(fields)


def explain(error: YagutsError, language: Language = "pt_BR") -> str:
    """What is wrong and, where there is something to do about it, what."""
    if isinstance(error, NotPlannable):
        reasons = cast("tuple[Obstacle, ...]", error.fields["reasons"])
        return " ".join(_explain_reason(reason, language) for reason in reasons)
    return sentence(code_of(error), language, **error.fields)


def _explain_reason(reason: Obstacle, language: Language) -> str:
    code, fields = code_and_fields(reason, language)
    return sentence(code, language, **fields)


def code_of(error: YagutsError) -> str:
    """The stable code of an error, refined as far as there is a sentence for it."""
    for field in _REFINED_BY:
        refined = f"{error.code}.{error.fields.get(field)}"
        if refined in CATALOGUES["en"]:
            return refined
    return error.code
