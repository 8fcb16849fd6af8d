"""The messages of dispensers about jobs. Firmware 0.1 leaves out the fields that 0.2 added."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from yaguts.api.schemas.configuration import MotorOut
from yaguts.domain.jobs.job import LONGEST_ERROR, DoseStatus
from yaguts.domain.jobs.report import Report, ReportedDose
from yaguts.domain.units import milligrams
from yaguts.http.fields import NO_FLAG, Inbound, JarNumber, Outbound, UtcTime
from yaguts.services.delivery.handover import ReportedProgress
from yaguts.services.delivery.reports import Received
from yaguts_wire import words as w
from yaguts_wire.values import MAX_ID

MAX_REPORTED_DOSES = 64
"""More doses than any dispenser has room for."""


def _printable(text: str) -> str | None:
    # The board repeats a refused report for ever, so a bad text is shortened, not refused.
    return "".join(c for c in text if c.isprintable()).strip()[:LONGEST_ERROR] or None


JobKey = Annotated[str, Field(min_length=1, max_length=64)]
Grams = Annotated[float, Field(ge=-1e6, le=1e6), NO_FLAG]
AnyJar = Annotated[int, NO_FLAG]
"""No bounds here: a jar that is not in the job is refused with an error of its own."""
Dispensed = Annotated[float, Field(ge=0, le=10_000), NO_FLAG]
DoseOrder = Annotated[int, Field(ge=1, le=255), NO_FLAG]
Resumes = Annotated[int, Field(ge=0, le=255), NO_FLAG]
AcceptanceNumber = Annotated[int, Field(ge=0, le=MAX_ID), NO_FLAG]
QuestionNumber = Annotated[int, Field(ge=1, le=1 << 30), NO_FLAG]
Count = Annotated[int, Field(ge=0, le=1000), NO_FLAG]
ErrorText = Annotated[str | None, AfterValidator(lambda text: text and _printable(text))]


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
    """The status of a job, as firmware up to 0.1.3 sends it."""

    status: Literal["running", "done", "error"]
    error: ErrorText = None


class ReportedDoseIn(Inbound):
    """The report on one dose. Firmware 0.1.4 added `item_ordem`, 0.2 the lower bound."""

    order: DoseOrder | None = Field(None, alias=w.ITEM_ORDER)
    jar: AnyJar = Field(alias=w.JAR)
    spice: str = Field(alias=w.SPICE, max_length=200)
    fell_at_most_g: Grams = Field(alias=w.QUANTITY_G)
    fell_at_least_g: Grams | None = Field(None, alias=w.AT_LEAST_G)
    resumes: Resumes = Field(0, alias=w.RESUMES)
    status: Literal["done", "failed"]
    error: ErrorText = None

    def dose(self) -> ReportedDose:
        """Convert to the domain's type."""
        at_least = self.fell_at_least_g
        fell_at_least_mg = None if at_least is None else milligrams(at_least)
        return ReportedDose(
            jar=self.jar,
            spice=self.spice,
            fell_at_most_mg=milligrams(self.fell_at_most_g),
            done=self.status == w.DONE,
            order=self.order,
            fell_at_least_mg=fell_at_least_mg,
            resumes=self.resumes,
            error=self.error,
        )


class ReportIn(Inbound):
    """The report on a job. After a reboot firmware 0.1 sends no doses."""

    job_key: JobKey | None = None
    completed: Count = Field(0, alias=w.COMPLETED)
    failed: Count = Field(0, alias=w.FAILED_COUNT)
    doses: list[ReportedDoseIn] | None = Field(None, alias=w.LOGS, max_length=MAX_REPORTED_DOSES)

    def received(self) -> Received:
        """Convert to the services' type."""
        doses = tuple(dose.dose() for dose in self.doses or ())
        report = Report(self.completed, self.failed, doses)
        sent = self.model_dump(by_alias=True, exclude_unset=True)
        return Received(report, self.job_key, sent)


class ReportedOut(Outbound):
    """The report is stored durably."""

    ok: bool = True
    stock_deducted: bool
    message: str
