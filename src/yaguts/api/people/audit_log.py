"""The audit log of a kitchen, for its owner."""

from typing import Annotated

from fastapi import APIRouter, Query

from yaguts.api.schemas.audit_log import AuditEntryOut, audit_entry_out
from yaguts.http.access import OwnerDep, SiteDep
from yaguts.services import audit_log
from yaguts_wire import words as w
from yaguts_wire.values import MAX_ID

router = APIRouter(prefix="/auditoria", tags=["household"])


@router.get("")
def read(
    site: SiteDep,
    owner: OwnerDep,
    before: Annotated[int | None, Query(alias=w.BEFORE, ge=1, le=MAX_ID)] = None,
) -> list[AuditEntryOut]:
    """List who did what in the kitchen: fifty entries, newest first."""
    return [
        audit_entry_out(entry) for entry in audit_log.of_kitchen(site, owner.kitchen_id, before)
    ]
