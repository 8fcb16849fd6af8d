"""Orphan reports as their owner sees them."""

from pydantic import Field

from yaguts.domain.stock.orphan_report import OrphanDose, OrphanReport
from yaguts.http.fields import Outbound, UtcTime
from yaguts_wire import words as w
from yaguts_wire.values import grams


class OrphanDoseOut(Outbound):
    """What a kept report says of one dose: the upper bound is what would be charged."""

    order: int = Field(serialization_alias=w.ORDER)
    jar: int = Field(serialization_alias=w.JAR)
    spice: str = Field(serialization_alias=w.SPICE)
    quantity: float = Field(serialization_alias=w.QUANTITY_G)
    at_least: float = Field(serialization_alias=w.AT_LEAST_G)
    status: str


class OrphanReportOut(Outbound):
    """A kept report. `job_id` is what the dispenser calls the job."""

    id: int
    dispenser_id: int = Field(serialization_alias=w.DEVICE_ID)
    job_id: int = Field(serialization_alias=w.JOB_ID)
    received_at: UtcTime = Field(serialization_alias=w.RECEIVED_AT)
    doses: list[OrphanDoseOut] = Field(serialization_alias=w.ITEMS)


class OrphanReportsOut(Outbound):
    """Reports of which nothing is decided yet, oldest first."""

    reports: list[OrphanReportOut] = Field(serialization_alias=w.REPORTS)


def orphan_report_out(kept: OrphanReport) -> OrphanReportOut:
    return OrphanReportOut(
        id=kept.id,
        dispenser_id=kept.dispenser_id,
        job_id=kept.job_id,
        received_at=kept.received_at,
        doses=[_dose(dose) for dose in kept.doses],
    )


def _dose(dose: OrphanDose) -> OrphanDoseOut:
    return OrphanDoseOut(
        order=dose.order,
        jar=dose.jar,
        spice=dose.spice,
        quantity=grams(dose.fell_at_most_mg),
        at_least=grams(dose.fell_at_least_mg),
        status=w.DONE if dose.done else w.FAILED,
    )
