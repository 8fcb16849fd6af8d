"""The messages of dispensers about jobs. Firmware 0.1 leaves out the fields that 0.2 added."""

from typing import Annotated, Literal

from pydantic import Field

from yaguts.api.schemas.configuration import MotorOut
from yaguts.domain.jobs.job import DoseStatus
from yaguts.domain.units import milligrams
from yaguts.http.fields import NO_FLAG, Inbound, JarNumber, Outbound, UtcTime
from yaguts.services.delivery.handover import ReportedProgress
from yaguts_wire import words as w
from yaguts_wire.values import MAX_ID

JobKey = Annotated[str, Field(min_length=1, max_length=64)]
Dispensed = Annotated[float, Field(ge=0, le=10_000), NO_FLAG]
DoseOrder = Annotated[int, Field(ge=1, le=255), NO_FLAG]
AcceptanceNumber = Annotated[int, Field(ge=0, le=MAX_ID), NO_FLAG]
QuestionNumber = Annotated[int, Field(ge=1, le=1 << 30), NO_FLAG]


class OfferedDoseOut(Outbound):
    """A dose of an offer."""

    id: int
    order: int = Field(serialization_alias=w.ORDER)
    jar: int = Field(serialization_alias=w.JAR)
    spice: str = Field(serialization_alias=w.SPICE)
    quantity: float = Field(serialization_alias=w.QUANTITY_G)
    duration: float = Field(serialization_alias=w.SECONDS)
    status: DoseStatus


class OfferOut(Outbound):
    """An offer, as `yaguts_wire.messages` writes it: at most 4,095 bytes."""

    id: int
    job_key: str
    time_to_live_s: int = Field(serialization_alias=w.TIME_TO_LIVE_S)
    status: str
    recipe_id: int | None = Field(serialization_alias=w.RECIPE_ID)
    people: int = Field(serialization_alias=w.PEOPLE)
    multiplier: int = Field(serialization_alias=w.MULTIPLIER)
    created_at: UtcTime
    started_at: UtcTime | None
    doses: list[OfferedDoseOut] = Field(serialization_alias=w.ITEMS)
    motor: MotorOut = Field(serialization_alias=w.MOTOR)
    asks: bool | None = Field(None, serialization_alias=w.ASKS)


class AcceptIn(Inbound):
    """The key of the job that the dispenser has in its journal.

    `aceite` is a number that it drew when it wrote the job. Older firmware sends none.
    """

    job_key: JobKey
    acceptance: AcceptanceNumber | None = Field(None, alias=w.ACCEPTANCE)


class AcceptedOut(Outbound):
    """The job may start. The key is repeated, so that no foreign answer can start a job."""

    ok: bool = True
    job_key: str


class ProgressIn(Inbound):
    """A dose's progress. `pergunta`: after an outage the dispenser waits for the resume consent."""

    job_key: JobKey
    order: DoseOrder = Field(alias=w.ITEM_ORDER)
    jar: JarNumber = Field(alias=w.JAR)
    fell_at_least_g: Dispensed = Field(alias=w.DISPENSED_G)
    status: DoseStatus
    question: QuestionNumber | None = Field(None, alias=w.QUESTION)

    def progress(self) -> ReportedProgress:
        """Convert to the services' type."""
        quantity = milligrams(self.fell_at_least_g)
        return ReportedProgress(
            self.job_key, self.order, self.jar, quantity, self.status, self.question
        )


class ProgressOut(Outbound):
    """The answer to a progress message. `cancelar`: the dispenser must stop.

    `retomar` is the number of the question that a person answered with yes. It is left out until
    then.
    """

    ok: bool = True
    cancel: bool = Field(serialization_alias=w.CANCEL)
    resume: int | None = Field(None, serialization_alias=w.RESUME)


class StatusIn(Inbound):
    """The status of a job, as firmware up to 0.1.3 sends it. Anything else is answered 200, too."""

    status: Literal["running", "done", "error"]
    error: str | None = None


class ReportedDoseIn(Inbound):
    """The report on one dose. Firmware 0.1.4 added `item_ordem`, 0.2 the lower bound.

    The name of the spice is not compared with the job's.
    """

    order: DoseOrder | None = Field(None, alias=w.ITEM_ORDER)
    jar: int = Field(alias=w.JAR)
    spice: str | None = Field(None, alias=w.SPICE)
    fell_at_most_g: float = Field(alias=w.QUANTITY_G)
    fell_at_least_g: float | None = Field(None, alias=w.AT_LEAST_G)
    resumes: int = Field(0, alias=w.RESUMES)
    status: Literal["done", "failed"]
    error: str | None = None


class ReportIn(Inbound):
    """The report on a job. After a reboot firmware 0.1 sends no doses.

    Anything else is answered 200, too: what can be read of it is taken.
    """

    job_key: JobKey | None = None
    completed: int = Field(0, alias=w.COMPLETED)
    failed: int = Field(0, alias=w.FAILED_COUNT)
    doses: list[ReportedDoseIn] | None = Field(None, alias=w.LOGS)


class ReportedOut(Outbound):
    """The report is stored durably."""

    ok: bool = True
    stock_deducted: bool
    message: str
