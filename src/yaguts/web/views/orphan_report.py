"""What an orphan report says that cannot be booked."""

from dataclasses import dataclass
from typing import Any, cast

from yaguts.domain.stock.orphan_report import OrphanReport
from yaguts.domain.units import Milligrams, milligrams
from yaguts_wire import words as w


@dataclass(frozen=True, slots=True)
class ToldDose:
    """A jar and an amount as a report told them, true or not."""

    jar: int
    fell_at_most_mg: Milligrams


def told(report: OrphanReport) -> list[ToldDose]:
    """The amounts that the report told, as far as they could be read."""
    doses = cast("list[dict[str, Any]]", report.facts.get(w.LOGS, []))
    return [
        ToldDose(dose[w.JAR], milligrams(dose[w.QUANTITY_G]))
        for dose in doses
        if w.JAR in dose and w.QUANTITY_G in dose
    ]


def nothing_fell(report: OrphanReport) -> bool:
    """Whether a report without a dose says that none fell. Else the amounts are unknown."""
    return not report.facts.get(w.COMPLETED) and report.facts.get(w.STATUS) != w.DONE
