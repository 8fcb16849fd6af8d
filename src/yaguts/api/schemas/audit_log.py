"""The entries of the audit log as the owner sees them."""

from pydantic import Field

from yaguts.domain.audit_log import ReadAuditEntry
from yaguts.http.fields import Outbound, UtcTime
from yaguts.translations.audit_log import audit_entry_text
from yaguts_wire import words as w


class AuditEntryOut(Outbound):
    """Who did what, when, and from which address.

    `evento` is a stable code, `descricao` a text for people. `pessoa` is null for a dispenser
    and for an unknown person.
    """

    id: int
    at: UtcTime = Field(serialization_alias=w.CREATED_AT, description="When it was done.")
    event: str = Field(serialization_alias=w.EVENT)
    description: str = Field(serialization_alias=w.DESCRIPTION)
    person: str | None = Field(serialization_alias=w.PERSON)
    address: str | None = Field(serialization_alias=w.ADDRESS)


def audit_entry_out(line: ReadAuditEntry) -> AuditEntryOut:
    entry = line.entry
    return AuditEntryOut(
        id=line.id,
        at=entry.at,
        event=entry.what,
        description=audit_entry_text(entry),
        person=line.who,
        address=entry.address,
    )
