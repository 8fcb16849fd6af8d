"""Forms: what people type, checked by the API's own schemas."""

from collections.abc import AsyncGenerator, Collection, Mapping
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData

from yaguts.domain.amounts.spoons import WeighedSpoon
from yaguts.http.refusals.field_errors import field_errors
from yaguts.translations import Language
from yaguts.web.amounts.typed import (
    Choice,
    SentAmount,
    TypedAmount,
    sent_amount,
    typed_grams,
    typed_number,
)

M = TypeVar("M", bound=BaseModel)


MOST_FIELDS = 20_000
"""Of a form: of many recipes that are imported at once."""
TYPED = "yaguts.typed"
"""In the scope of a request: what was typed into the form of the page that is asked for."""


async def _form(request: Request) -> AsyncGenerator[FormData]:
    if TYPED in request.scope:
        yield request.scope[TYPED]
        return
    async with request.form(max_fields=MOST_FIELDS) as form:
        yield form


FormDep = Annotated[FormData, Depends(_form)]


class Refusal(Exception):
    """A form that cannot be used. `problems` says what is wrong with each field at fault."""

    def __init__(
        self, problems: Mapping[str, str], choices: Mapping[str, tuple[Choice, ...]] | None = None
    ) -> None:
        """`choices`: the readings of each field that has several."""
        super().__init__(problems)
        self.problems = problems
        self.choices = choices or {}

    @property
    def first(self) -> str:
        """What is wrong with the first field at fault. That is enough for a form of one field."""
        return next(iter(self.problems.values()))


def typed(form: FormData, name: str) -> str:
    """The text of a field, or "" when the field is missing."""
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def typed_all(form: FormData, name: str) -> list[str]:
    """The texts of all fields of this name."""
    return [value.strip() for value in form.getlist(name) if isinstance(value, str)]


def amount_of(form: FormData, name: str = "amount") -> SentAmount:
    """What was typed for an amount, or the answer that was chosen to what was asked of it."""
    choice = typed(form, "choice")
    return sent_amount(choice) if choice else SentAmount(typed(form, name))


def grams(
    form: FormData,
    language: Language,
    spice: str | None,
    weighed: Collection[WeighedSpoon] = (),
) -> str | None:
    """The amount of a form in grams, as programs write it. Raises `Refusal` where it is asked."""
    return insist_on_clear(typed_grams(amount_of(form), language, spice, weighed))


def number(form: FormData, name: str, language: Language) -> str | None:
    """The number of a field, as programs write it. Raises `Refusal` where it is asked."""
    return insist_on_clear(typed_number(amount_of(form, name).text, language))


def insist_on_clear(amount: TypedAmount) -> str | None:
    """The number. Raises `Refusal` with the question and its answers, where there is one."""
    if amount.problem:
        raise Refusal({"amount": amount.problem}, {"amount": amount.choices})
    return amount.number


def whole(text: str, least: int, most: int) -> int | None:
    """The whole number, or None when it is none or out of bounds."""
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        return None
    return int(text) if least <= int(text) <= most else None


def checked(model: type[M], fields: Mapping[str, Any], language: Language) -> M:
    """The form as a value of the model, whose own field names are the keys. Raises `Refusal`."""
    return _validated(model, fields, language, by_name=True)


def checked_message(model: type[M], message: Mapping[str, Any], language: Language) -> M:
    """A message that has the wire's keys, such as a recipe's file. Raises `Refusal`."""
    return _validated(model, message, language, by_name=False)


def _validated(
    model: type[M], fields: Mapping[str, Any], language: Language, *, by_name: bool
) -> M:
    """The API's own schema checks what people type: only the keys differ."""
    try:
        return model.model_validate(fields, by_name=by_name, by_alias=not by_name)
    except ValidationError as error:
        listed = field_errors(error.errors(), language)
        problems = {".".join(map(str, each["loc"])): str(each["msg"]) for each in listed}
        raise Refusal(problems) from None
