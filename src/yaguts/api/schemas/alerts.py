"""Alerts in requests and answers: where they go, and what somebody chose."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from yaguts.domain.alerts.addresses import LONGEST
from yaguts.domain.alerts.choices import (
    SILENT_MIN_BOUNDS,
    AlertChoices,
    QuietHours,
    known_zones,
)
from yaguts.domain.alerts.delivery import AlertFault, AlertTarget
from yaguts.domain.alerts.kinds import AlertKind
from yaguts.http.fields import NO_FLAG, Inbound, Outbound, UtcTime
from yaguts.services.alerts.targets import AlertSettings, NewTarget
from yaguts.translations import Language
from yaguts_wire import words as w

_LEAST, _MOST = SILENT_MIN_BOUNDS


def _insist_on_known(zone: str) -> str:
    if zone not in known_zones():
        raise PydanticCustomError("literal_error", "a time zone")
    return zone


TimeOfDay = Annotated[str, Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]
TimeZone = Annotated[str, Field(max_length=64), AfterValidator(_insist_on_known)]
SilentMinutes = Annotated[int, Field(ge=_LEAST, le=_MOST), NO_FLAG]


class AlertTargetIn(Inbound):
    """Where alerts are to go."""

    address: str = Field(
        alias=w.ADDRESS,
        max_length=LONGEST,
        description="`https://…` for a signed webhook, or an address of Apprise. It is a secret.",
    )
    language: Language = Field(
        "pt_BR", alias=w.LANGUAGE, description="The language of what is sent there."
    )


class AlertTargetOut(Outbound):
    """Where alerts go. Of its address it shows no more than what tells it from others."""

    id: int
    shown: str = Field(serialization_alias=w.ADDRESS, description="A part of the address.")
    language: str = Field(serialization_alias=w.LANGUAGE)
    signed: bool = Field(serialization_alias=w.SIGNED)
    sent_at: UtcTime | None = Field(serialization_alias=w.SENT_AT)
    failed_at: UtcTime | None = Field(serialization_alias=w.FAILED_AT)
    fault: AlertFault | None = Field(serialization_alias=w.FAULT)
    detail: str = Field(serialization_alias=w.DETAIL, description="What the other side said.")
    waiting: int = Field(serialization_alias=w.WAITING)


class NewAlertTargetOut(AlertTargetOut):
    """A new target. Only this answer has the key of a webhook."""

    key: str | None = Field(serialization_alias=w.SIGNING_KEY)


class AlertKindOut(Outbound):
    """A kind of alerts, and whether the person wants it."""

    kind: AlertKind = Field(serialization_alias=w.KIND, description="What an alert is about.")
    wanted: bool = Field(serialization_alias=w.WANTED)


class AlertsOut(Outbound):
    """Where a person's alerts go, and what they chose."""

    targets: list[AlertTargetOut] = Field(serialization_alias=w.TARGETS)
    kinds: list[AlertKindOut] = Field(serialization_alias=w.KINDS)
    silent_min: int = Field(serialization_alias=w.SILENT_MIN)
    quiet_from: str | None = Field(serialization_alias=w.QUIET_FROM)
    quiet_until: str | None = Field(serialization_alias=w.QUIET_UNTIL)
    zone: str = Field(serialization_alias=w.TIME_ZONE)


class AlertChoicesIn(Inbound):
    """What a person wants to be told, and when not."""

    kinds: list[AlertKind] = Field(
        alias=w.KINDS, max_length=len(AlertKind), description="The kinds that are wanted."
    )
    silent_min: SilentMinutes = Field(alias=w.SILENT_MIN)
    quiet_from: TimeOfDay | None = Field(None, alias=w.QUIET_FROM)
    quiet_until: TimeOfDay | None = Field(None, alias=w.QUIET_UNTIL)
    zone: TimeZone = Field(alias=w.TIME_ZONE)

    @model_validator(mode="after")
    def both_or_none(self) -> Self:
        """Quiet hours begin and end."""
        if (self.quiet_from is None) != (self.quiet_until is None):
            raise PydanticCustomError("missing", "both or none")
        return self

    def choices(self) -> AlertChoices:
        """Return the choices."""
        wanted = {kind.value: kind in self.kinds for kind in AlertKind}
        quiet = None
        if self.quiet_from is not None and self.quiet_until is not None:
            start, end = _minute(self.quiet_from), _minute(self.quiet_until)
            quiet = QuietHours(start, end, self.zone)
        return AlertChoices(wanted, quiet, self.zone, self.silent_min)


def alerts_out(mine: AlertSettings) -> AlertsOut:
    start, end = quiet_times(mine.choices)
    return AlertsOut(
        targets=[_target_out(target) for target in mine.targets],
        kinds=[
            AlertKindOut(kind=AlertKind(kind), wanted=wanted) for kind, wanted in mine.kinds.items()
        ],
        silent_min=mine.choices.silent_min,
        quiet_from=start,
        quiet_until=end,
        zone=mine.choices.zone,
    )


def new_target_out(made: NewTarget) -> NewAlertTargetOut:
    return NewAlertTargetOut(**_target_out(made.target).model_dump(), key=made.key or None)


def quiet_times(choices: AlertChoices) -> tuple[str | None, str | None]:
    """Return the beginning and the end of quiet hours, written `22:30`."""
    quiet = choices.quiet
    return (None, None) if quiet is None else (_time(quiet.start_min), _time(quiet.end_min))


def _target_out(target: AlertTarget) -> AlertTargetOut:
    return AlertTargetOut(
        id=target.id,
        shown=target.shown,
        language=target.language,
        signed=target.signed,
        sent_at=target.sent_at,
        failed_at=target.failed_at,
        fault=target.fault,
        detail=target.detail,
        waiting=target.waiting,
    )


def _minute(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:])


def _time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
