"""Jars and motor in requests and answers."""

from typing import Annotated

from pydantic import AfterValidator, Field

from yaguts.domain.recipe import Jar, Motor
from yaguts.domain.units import micrograms_per_second, milligrams
from yaguts.http.fields import NO_FLAG, PRINTABLE, Inbound, JarNumber, Outbound, UtcTime, trimmed
from yaguts.services.pantry.configuration import JarChange
from yaguts_wire import words as w
from yaguts_wire.limits import MAX_JARS
from yaguts_wire.values import grams

_UG_PER_G = 1_000_000

Label = Annotated[
    str, trimmed(60, shortest=0), PRINTABLE, AfterValidator(lambda text: text or None)
]
"""A blank label becomes None."""
Rate = Annotated[float, Field(ge=0.001, le=100), NO_FLAG]
Stock = Annotated[float, Field(ge=0, le=100_000), NO_FLAG]
Capacity = Annotated[float, Field(ge=0.001, le=100_000), NO_FLAG]
Percent = Annotated[int, Field(ge=0, le=100), NO_FLAG]
Pause = Annotated[int, Field(ge=0, le=5000), NO_FLAG]
Runtime = Annotated[int, Field(ge=30, le=600), NO_FLAG]


class WhichJar(Inbound):
    """The number of a jar."""

    jar: JarNumber = Field(alias=w.JAR)


class JarIn(Inbound):
    """The changes to a jar. A field that is left out stays; null means unknown."""

    number: JarNumber = Field(alias=w.JAR)
    label: Label | None = Field(None, alias=w.LABEL)
    rate: Rate | None = Field(None, alias=w.RATE_G_PER_S)
    stock: Stock | None = Field(None, alias=w.STOCK_G)
    capacity: Capacity | None = Field(None, alias=w.CAPACITY_G)


Jars = Annotated[list[JarIn], Field(max_length=MAX_JARS)]


class JarOut(Outbound):
    """A jar."""

    number: int = Field(serialization_alias=w.JAR)
    label: str | None = Field(serialization_alias=w.LABEL)
    rate: float | None = Field(serialization_alias=w.RATE_G_PER_S)
    stock: float | None = Field(serialization_alias=w.STOCK_G)
    capacity: float | None = Field(serialization_alias=w.CAPACITY_G)
    updated_at: UtcTime | None


class MotorIn(Inbound):
    """The changes to the motor. A setting that is left out stays."""

    intensity: Percent = Field(75, alias=w.INTENSITY)
    pre_start_ms: Pause = Field(500, alias=w.PRE_START_MS)
    post_stop_ms: Pause = Field(300, alias=w.POST_STOP_MS)
    max_runtime_s: Runtime = Field(300, alias=w.MAX_RUNTIME_S)


class MotorOut(Outbound):
    """The motor settings."""

    intensity: int = Field(serialization_alias=w.INTENSITY)
    pre_start_ms: int = Field(serialization_alias=w.PRE_START_MS)
    post_stop_ms: int = Field(serialization_alias=w.POST_STOP_MS)
    max_runtime_s: int = Field(serialization_alias=w.MAX_RUNTIME_S)


def jar_changes(body: list[JarIn]) -> list[tuple[int, JarChange]]:
    """Return the number and the changes of each jar, for the services."""
    return [(jar.number, _change(jar)) for jar in body]


def _change(jar: JarIn) -> JarChange:
    change: JarChange = {}
    if "label" in jar.model_fields_set:
        change["label"] = jar.label
    if "rate" in jar.model_fields_set:
        change["rate"] = None if jar.rate is None else micrograms_per_second(jar.rate)
    if "stock" in jar.model_fields_set:
        change["stock"] = None if jar.stock is None else milligrams(jar.stock)
    if "capacity" in jar.model_fields_set:
        change["capacity"] = None if jar.capacity is None else milligrams(jar.capacity)
    return change


def jar_out(jar: Jar) -> JarOut:
    return JarOut(
        number=jar.number,
        label=jar.label,
        rate=None if jar.rate is None else jar.rate / _UG_PER_G,
        stock=None if jar.stock is None else grams(jar.stock),
        capacity=None if jar.capacity is None else grams(jar.capacity),
        updated_at=jar.updated_at,
    )


def motor_out(motor: Motor) -> MotorOut:
    return MotorOut(
        intensity=motor.intensity,
        pre_start_ms=motor.pre_start_ms,
        post_stop_ms=motor.post_stop_ms,
        max_runtime_s=motor.max_runtime_s,
    )
