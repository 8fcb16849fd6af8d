"""Reports that name a job this database does not know: kept for the owner to look at."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from yaguts.storage.dialects import insert_if_new
from yaguts.storage.tables import unclaimed_reports

_ADD = insert_if_new(unclaimed_reports, unclaimed_reports.c.id)


def keep(
    connection: Connection,
    dispenser_id: int,
    job_id: int,
    job_key: str,
    report: Mapping[str, object],
    at: datetime,
) -> None:
    """Keep a report, as it was sent. The same job's report again is not kept again."""
    row = {
        "dispenser_id": dispenser_id,
        "job_id": job_id,
        "job_key": job_key,
        "report": report,
        "received_at": at,
    }
    connection.execute(_ADD[connection.dialect.name], row)
