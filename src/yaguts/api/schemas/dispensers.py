"""Dispensers, pairing codes and heartbeats in requests and answers."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field, create_model
from pydantic_core import PydanticCustomError, to_json

from yaguts.domain.dispenser import Dispenser
from yaguts.domain.dispenser_settings import SETTINGS
from yaguts.domain.happenings import ToldHappening
from yaguts.http.fields import (
    PRINTABLE,
    DispenserName,
    Flag,
    Id,
    Inbound,
    JarNumber,
    Ok,
    Outbound,
    UtcTime,
    trimmed,
)
from yaguts_wire import update_words as u
from yaguts_wire import words as w
from yaguts_wire.server_messages import read_happenings

MOST_STATUS_BYTES = 1024
SETTING_WORDS = {name: getattr(w, name.upper()) for name in SETTINGS}
"""Each setting of a dispenser, and its key on the wire."""
_MaybeFlag = Flag | None
_SETTINGS_IN: dict[str, Any] = {
    name: (_MaybeFlag, Field(None, alias=word)) for name, word in SETTING_WORDS.items()
}
_SETTINGS_OUT: dict[str, Any] = {
    name: (bool, Field(serialization_alias=word)) for name, word in SETTING_WORDS.items()
}


def _check_size(status: dict[str, Any]) -> dict[str, Any]:
    if len(to_json(status)) > MOST_STATUS_BYTES:
        raise PydanticCustomError("too_large", "a small object")
    return status


Short = Annotated[str, trimmed(40, shortest=0), PRINTABLE]


class CodeRequest(Inbound):
    """The kind of pairing code. Left out: six digits, the only kind that firmware 0.1 takes."""

    format: str | None = Field(None, alias=w.FORMAT, pattern=f"^{w.LONG_FORMAT}$")


class CodeOut(Outbound):
    """A pairing code to type into the dispenser."""

    code: str
    expires_at: UtcTime


class ClaimIn(Inbound):
    """A dispenser that pairs with a code."""

    uid: Annotated[str, trimmed(64, shortest=4), PRINTABLE] = Field(alias=w.UID)
    code: Short = Field(alias=w.CLAIM_CODE)
    firmware: Short | None = Field(None, alias=w.FIRMWARE)
    mac: Short | None = Field(None, alias=w.MAC)


class ClaimOut(Outbound):
    """The dispenser's id and token from now on."""

    device_id: int
    device_token: str
    heartbeat_s: int = Field(serialization_alias=w.HEARTBEAT_S)


class Heartbeat(Inbound):
    """A dispenser's firmware version and status."""

    firmware: Short | None = Field(None, alias=w.FIRMWARE)
    status: Annotated[dict[str, Any], AfterValidator(_check_size)] | None = None

    def happenings(self) -> list[ToldHappening]:
        """What happened to the dispenser. Empty when something else stands there."""
        return [ToldHappening(*one) for one in read_happenings(self.status or {})]


class UpdateOfferedOut(Outbound):
    """A release of the firmware that the dispenser may fetch now, from a server of this version."""

    release: int
    server: str


class BeatOut(Ok):
    """The answer to a heartbeat. What there is no reason for is left out."""

    renew_token: bool | None = Field(None, serialization_alias=w.RENEW_TOKEN)
    update: UpdateOfferedOut | None = Field(None, serialization_alias=u.UPDATE_OFFERED)


class ReleaseOut(Outbound):
    """The release that is offered, and how many bytes its manifest has."""

    release: int
    manifest_size: int


class TokenOut(Outbound):
    """A new token for a paired dispenser."""

    device_token: str


class _DispenserOut(Outbound):
    """A dispenser without its settings."""

    id: int
    uid: str | None
    firmware: str | None = Field(serialization_alias=w.FIRMWARE)
    last_seen: UtcTime | None
    online: bool
    is_default: bool = Field(serialization_alias=w.IS_DEFAULT)
    newcomer: bool = Field(serialization_alias=w.NEWCOMER)
    name: str | None = Field(serialization_alias=w.NAME)


_SettingsOut: type[_DispenserOut] = create_model(
    "_SettingsOut", __base__=_DispenserOut, **_SETTINGS_OUT
)


class DispenserOut(_SettingsOut):
    """A dispenser as its owner sees it."""


class DispensersOut(Outbound):
    """The dispensers of a kitchen."""

    devices: list[DispenserOut]
    online_any: bool


class NameIn(Inbound):
    """The name of a dispenser. Null or left out: it is shown by its number."""

    name: DispenserName | None = Field(None, alias=w.NAME)


class ReplacesIn(Inbound):
    """The dispenser whose board the new one replaces. Null: it is one more dispenser."""

    replaces: Id | None = Field(alias=w.REPLACES)


_SettingsIn: type[Inbound] = create_model("_SettingsIn", __base__=Inbound, **_SETTINGS_IN)


class DispenserIn(_SettingsIn):
    """The changed settings of a dispenser. A setting that is left out stays as it is."""


class JarCount(Inbound):
    """How many jars the dispenser has."""

    jars: JarNumber = Field(alias=w.JARS)


class JarCountOut(Outbound):
    """How many jars the dispenser has now."""

    jars: int = Field(serialization_alias=w.JARS)


def self_description(body: ClaimIn | Heartbeat) -> dict[str, object]:
    """Return the firmware version, the MAC address and the status that a dispenser sent."""
    return body.model_dump(include={"firmware", "mac", "status"}, exclude_none=True)


def dispenser_out(dispenser: Dispenser, now: datetime, newcomers: frozenset[int]) -> DispenserOut:
    """A dispenser at this time. `newcomers` are those about whose boards the owner is asked."""
    return DispenserOut(
        id=dispenser.id,
        uid=dispenser.uid,
        firmware=dispenser.firmware,
        last_seen=dispenser.last_seen_at,
        online=dispenser.online(now),
        is_default=dispenser.is_default,
        newcomer=dispenser.id in newcomers,
        name=dispenser.name,
        **asdict(dispenser.settings),
    )
