"""The entries of the audit log: what people and dispensers do to accounts, settings and orders.

Entries are only added. No entry holds a secret, or a text that somebody typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from yaguts.domain.ids import KitchenId, PersonId

KEPT = timedelta(days=400)
"""An entry is kept for this long. The audit log must not grow for ever."""


class AuditEvent(StrEnum):
    """The kind of an entry."""

    REGISTERED = "registered"
    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    PASSWORD_CHANGED = "password_changed"
    PASSWORD_CHANGE_REFUSED = "password_change_refused"
    SESSIONS_ENDED = "sessions_ended"
    INVITED = "invited"
    INVITATION_WITHDRAWN = "invitation_withdrawn"
    JOINED = "joined"
    LEFT = "left"
    MEMBER_REMOVED = "member_removed"
    CLAIMED = "claimed"
    REPLACED = "replaced"
    CLAIM_REFUSED = "claim_refused"
    UNLINKED = "unlinked"
    TOKEN_WANTED = "token_wanted"
    TOKEN_RENEWED = "token_renewed"
    CONFIGURED = "configured"
    CORRECTED = "corrected"
    CANCELLED = "cancelled"
    RESUMED = "resumed"
    REPORTS_DROPPED = "reports_dropped"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """An entry to be written. The owner of `kitchen_id` may read it; nobody may when it is None.

    `person_id` is None for a dispenser, and for somebody who did not prove who they are. `about`
    names the dispenser, job or jar.
    """

    what: AuditEvent
    at: datetime
    kitchen_id: KitchenId | None
    person_id: PersonId | None
    address: str | None
    about: Mapping[str, int | str] = field(default_factory=dict[str, int | str])


@dataclass(frozen=True, slots=True)
class ReadAuditEntry:
    """An entry as it is read. `who` is the person's name."""

    id: int
    entry: AuditEntry
    who: str | None
