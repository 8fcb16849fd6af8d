"""The trail of a kitchen, for its owner."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from yaguts.api.access import OwnerDep, SiteDep
from yaguts.api.fields import Outbound, UtcTime
from yaguts.domain.trail import Line
from yaguts.sentences.deeds import deed
from yaguts.services import trail
from yaguts_wire import words as w
from yaguts_wire.values import MAX_ID

router = APIRouter(prefix="/auditoria", tags=["household"])


class LineOut(Outbound):
    """Who did what, when, and from which address.

    `event` is a stable code, `description` the same for people. `person` is null for a dispenser,
    and for somebody who did not prove who they are.
    """

    id: int
    at: UtcTime = Field(serialization_alias=w.CREATED_AT, description="When it was done.")
    event: str = Field(serialization_alias=w.EVENT)
    description: str = Field(serialization_alias=w.DESCRIPTION)
    person: str | None = Field(serialization_alias=w.PERSON)
    address: str | None = Field(serialization_alias=w.ADDRESS)


@router.get("")
def read(
    site: SiteDep,
    owner: OwnerDep,
    before: Annotated[int | None, Query(alias=w.BEFORE, ge=1, le=MAX_ID)] = None,
) -> list[LineOut]:
    """Read who did what in the kitchen: fifty lines, newest first."""
    return [_out(line) for line in trail.of_kitchen(site, owner.id, before)]


def _out(line: Line) -> LineOut:
    entry = line.entry
    return LineOut(
        id=line.id,
        at=entry.at,
        event=entry.what,
        description=deed(entry),
        person=line.who,
        address=entry.address,
    )
