"""Types of the fields in requests and answers. The bounds are part of the type."""

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
from yaguts_wire.limits import MAX_JARS
from yaguts_wire.values import MAX_ID


class Inbound(BaseModel):
    """The base of request bodies. The keys are Portuguese; unknown keys are ignored."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)


class Outbound(BaseModel):
    """The base of answers. Built with English names, written with the keys of the wire."""

    model_config = ConfigDict(frozen=True)


class Ok(Outbound):
    """The call succeeded."""

    ok: bool = True


def _refuse_boolean(value: Any) -> Any:
    # Pydantic accepts true as 1.
    if isinstance(value, bool):
        raise PydanticCustomError("float_type", "a number")
    return value


NO_FLAG = BeforeValidator(_refuse_boolean)
"""Refuses a boolean as a number. Before the bounds it would hide them in the OpenAPI document."""
Flag = Annotated[bool, Strict()]
Id = Annotated[int, Field(ge=1, le=MAX_ID), NO_FLAG]

PersonName = Annotated[str, trimmed(60), PRINTABLE]
DispenserName = Annotated[str, trimmed(60), PRINTABLE]
Spice = Annotated[str, trimmed(60), PRINTABLE]
JarNumber = Annotated[int, Field(ge=1, le=MAX_JARS), NO_FLAG]


class _IdConvertor(Convertor[int]):
    """Matches `{dispenser_id:id}` in an address, so that `/devices/claims` is not a dispenser."""

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
"""A time, written `2026-01-31T18:00:00Z`."""
