"""What people ask of a dispenser without a recipe."""

from typing import Annotated

from pydantic import Field

from yaguts.api.schemas.recipes import Quantity
from yaguts.http.fields import NO_FLAG, Inbound, JarNumber
from yaguts_wire import words as w
from yaguts_wire.messages import MAX_JARS

PurgeTime = Annotated[float, Field(ge=1, le=180), NO_FLAG]


class DoseIn(Inbound):
    """So much out of one jar."""

    jar: JarNumber = Field(alias=w.JAR)
    quantity: Quantity = Field(alias=w.QUANTITY_G)


class PurgeIn(Inbound):
    """One jar, for so many seconds."""

    jar: JarNumber = Field(alias=w.JAR)
    duration: PurgeTime = Field(alias=w.SECONDS)


class CleaningIn(Inbound):
    """The emptied jars."""

    jars: list[JarNumber] = Field(
        alias=w.JARS, min_length=1, max_length=MAX_JARS, description="The numbers of the jars."
    )
