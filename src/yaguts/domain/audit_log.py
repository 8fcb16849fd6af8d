"""What is written down of what people and dispensers do to accounts, settings and orders.

The lines are only added to. None holds a secret, and none what somebody merely typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from yaguts.domain.ids import KitchenId, PersonId

KEPT = timedelta(days=400)
"""A line is kept so long: more than a year, and yet the trail does not grow for ever."""


class AuditEvent(StrEnum):
    """What was done."""

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
    CLAIM_REFUSED = "claim_refused"
    UNLINKED = "unlinked"
    TOKEN_WANTED = "token_wanted"
    TOKEN_RENEWED = "token_renewed"
    CONFIGURED = "configured"
    CORRECTED = "corrected"
    CANCELLED = "cancelled"
    RESUMED = "resumed"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line to be written.

    `kitchen_id`: whose owner may read it; None where nobody's is known. `person_id`: None for a
    dispenser, and for somebody who did not prove who they are. `about`: the dispenser, job, jar…
    """

    what: AuditEvent
    at: datetime
    kitchen_id: KitchenId | None
    person_id: PersonId | None
    address: str | None
    about: Mapping[str, int | str] = field(default_factory=dict[str, int | str])


@dataclass(frozen=True, slots=True)
class AuditLine:
    """An entry as it is read. `who`: the person's name."""

    id: int
    entry: AuditEntry
    who: str | None
