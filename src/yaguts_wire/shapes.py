"""The types that `messages` reads and builds, for type checkers. Never imported at run time.

Inside the code amounts are whole milligrams and durations whole milliseconds; on the wire they are
decimal grams and seconds. `order` counts from 1.
"""

from typing import Any, Protocol, Self, TypedDict

Message = dict[str, Any]
"""A message on the wire: Portuguese keys, JSON values."""


class Growing(Protocol):
    """A bytearray, or another object that `write` can append bytes to."""

    def __iadd__(self, __data: bytes) -> Self: ...


class Place(TypedDict):
    """Which dose of a job, and from which jar."""

    order: int
    jar: int


class OfferedDose(Place):
    """One jar's part of a job."""

    id: int
    spice: str
    quantity_mg: int
    duration_ms: int
    status: str


class OfferedMotor(TypedDict):
    """How the vibration motor runs during a pour."""

    intensity: int
    pre_start_ms: int
    post_stop_ms: int
    max_runtime_s: int


class JobOffer(TypedDict):
    """A job as a dispenser is offered it. Times are ISO 8601 in UTC.

    `asks`: after an outage it waits for a person's resume consent.
    """

    id: int
    job_key: str
    ttl_s: int
    status: str
    recipe_id: int | None
    people: int
    multiplier: int
    created_at: str
    started_at: str | None
    doses: list[OfferedDose]
    motor: OfferedMotor
    asks: bool


class DoseReport(TypedDict):
    """The report of one dose. `duration_ms`: for how long the relay was permitted to be on."""

    order: int
    jar: int
    spice: str
    fell_at_most_mg: int
    fell_at_least_mg: int
    duration_ms: int
    resumes: int
    done: bool
    error: str | None


class JobReport(TypedDict):
    """The report of a job."""

    job_key: str
    doses: list[DoseReport]


class NewToken(TypedDict):
    """What a dispenser gets when it is paired. It sends a heartbeat every `heartbeat_s` seconds."""

    device_id: int
    token: str
    heartbeat_s: int
