"""What a field of a request may hold, and how answers write times. Bounds are part of the type."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    Strict,
)
from pydantic_core import PydanticCustomError
from starlette.convertors import Convertor, register_url_convertor

from yaguts.http.texts import PRINTABLE, trimmed
from yaguts.services.delivery.job_message import utc_text
from yaguts_wire.messages import MAX_JARS
from yaguts_wire.values import MAX_ID


class Inbound(BaseModel):
    """What somebody sends, under its Portuguese names. Fields nobody asked for are ignored."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)


class Outbound(BaseModel):
    """What is answered: built with English names, written with the wire's."""

    model_config = ConfigDict(frozen=True)


class Ok(Outbound):
    """It is done, and there is nothing more to say."""

    ok: bool = True


def _insist_on_number(value: Any) -> Any:
    # Pydantic would take true for 1.
    if isinstance(value, bool):
        raise PydanticCustomError("float_type", "a number")
    return value


NO_FLAG = BeforeValidator(_insist_on_number)
"""Comes after the bounds, or else the OpenAPI document does not show them."""
Flag = Annotated[bool, Strict()]
Id = Annotated[int, Field(ge=1, le=MAX_ID), NO_FLAG]

PersonName = Annotated[str, trimmed(60), PRINTABLE]
DispenserName = Annotated[str, trimmed(60), PRINTABLE]
Spice = Annotated[str, trimmed(60), PRINTABLE]
JarNumber = Annotated[int, Field(ge=1, le=MAX_JARS), NO_FLAG]


class _IdConvertor(Convertor[int]):
    """`{dispenser_id:id}` in an address, for which `claims` is no dispenser."""

    regex = "[0-9]{1,10}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("id", _IdConvertor())
IdInPath = Annotated[int, Path(ge=1, le=MAX_ID)]
IdInQuery = Annotated[int | None, Query(ge=1, le=MAX_ID)]
JarInQuery = Annotated[int, Query(ge=1, le=MAX_JARS)]
SearchText = Annotated[str, Query(max_length=120)]


UtcTime = Annotated[datetime, PlainSerializer(utc_text, return_type=str)]
"""A moment, written `2026-01-31T18:00:00Z`."""
