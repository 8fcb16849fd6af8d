"""Orders without a recipe: a dose, a purge, a cleaning."""

from typing import Annotated

from pydantic import Field

from yaguts.api.schemas.configuration import WhichJar
from yaguts.api.schemas.recipes import Quantity
from yaguts.http.fields import NO_FLAG, Inbound, JarNumber
from yaguts_wire import words as w
from yaguts_wire.limits import MAX_JARS

PurgeTime = Annotated[float, Field(ge=1, le=180), NO_FLAG]


class DoseIn(WhichJar):
    """A dose of one jar, in grams."""

    quantity: Quantity = Field(alias=w.QUANTITY_G)


class PurgeIn(WhichJar):
    """A purge of one jar, for a number of seconds."""

    duration: PurgeTime = Field(alias=w.SECONDS)


class CleaningIn(Inbound):
    """A cleaning of emptied jars."""

    jars: list[JarNumber] = Field(
        alias=w.JARS, min_length=1, max_length=MAX_JARS, description="The numbers of the jars."
    )
