"""Orphan reports as the owner sees them."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from yaguts.domain.jobs.report import Contradiction
from yaguts.domain.stock.orphan_report import OrphanDose, OrphanReport
from yaguts.http.fields import Outbound, UtcTime
from yaguts_wire import words as w
from yaguts_wire.values import grams


class OrphanDoseOut(Outbound):
    """A dose of an orphan report. Booking charges the upper bound, `quantidade_g`."""

    order: int = Field(serialization_alias=w.ORDER)
    jar: int = Field(serialization_alias=w.JAR)
    spice: str = Field(serialization_alias=w.SPICE)
    fell_at_most_g: float = Field(serialization_alias=w.QUANTITY_G)
    fell_at_least_g: float = Field(serialization_alias=w.AT_LEAST_G)
    status: str


class ToldDoseOut(Outbound):
    """A dose as a report told it, in numbers and known words. Null: not told, or not readable."""

    order: int | None = Field(None, serialization_alias=w.ITEM_ORDER, validation_alias=w.ITEM_ORDER)
    jar: int | None = Field(None, serialization_alias=w.JAR, validation_alias=w.JAR)
    fell_at_most_g: float | None = Field(
        None, serialization_alias=w.QUANTITY_G, validation_alias=w.QUANTITY_G
    )
    fell_at_least_g: float | None = Field(
        None, serialization_alias=w.AT_LEAST_G, validation_alias=w.AT_LEAST_G
    )
    status: str | None = None


class OrphanReportOut(Outbound):
    """An orphan report. `job_id` is the id that the dispenser sent.

    `motivo` says how it contradicts its job or itself. Booking charges `itens`; what contradicts a
    job that has ended has none. `omitidos`: how many more came and were not kept.
    """

    id: int
    dispenser_id: int = Field(serialization_alias=w.DEVICE_ID)
    job_id: int = Field(serialization_alias=w.JOB_ID)
    received_at: UtcTime = Field(serialization_alias=w.RECEIVED_AT)
    doses: list[OrphanDoseOut] = Field(serialization_alias=w.ITEMS)
    contradiction: Contradiction | None = Field(serialization_alias=w.CONTRADICTION)
    told: list[ToldDoseOut] = Field(serialization_alias=w.TOLD)
    dropped: int = Field(serialization_alias=w.DROPPED)


class OrphanReportsOut(Outbound):
    """The orphan reports that are neither booked nor dismissed, oldest first."""

    reports: list[OrphanReportOut] = Field(serialization_alias=w.REPORTS)


def told_doses(facts: Mapping[str, Any]) -> list[ToldDoseOut]:
    return [ToldDoseOut.model_validate(told) for told in facts.get(w.LOGS, ())]


def orphan_report_out(report: OrphanReport) -> OrphanReportOut:
    return OrphanReportOut(
        id=report.id,
        dispenser_id=report.dispenser_id,
        job_id=report.job_id,
        received_at=report.received_at,
        doses=[_dose(dose) for dose in report.doses],
        contradiction=report.contradiction,
        told=told_doses(report.facts),
        dropped=report.dropped,
    )


def _dose(dose: OrphanDose) -> OrphanDoseOut:
    return OrphanDoseOut(
        order=dose.order,
        jar=dose.jar,
        spice=dose.spice,
        fell_at_most_g=grams(dose.fell_at_most_mg),
        fell_at_least_g=grams(dose.fell_at_least_mg),
        status=w.DONE if dose.done else w.FAILED,
    )
