"""The entries of the audit log: what people and dispensers do to accounts, settings and orders.

Entries are only added. No entry holds a secret. What tells of a person, an address or a name, can
be removed: see `domain.seals`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from yaguts.domain.ids import KitchenId, PersonId

KEPT = timedelta(days=400)
"""An entry is kept for this long. The audit log must not grow for ever."""


ADDRESS, NAME = "address", "name"


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
    RELEASE_PUBLISHED = "release_published"
    ROLLOUT_STAGE = "rollout_stage"
    ROLLOUT_HALTED = "rollout_halted"
    ROLLOUT_RESUMED = "rollout_resumed"
    UPDATE_CHOSEN = "update_chosen"
    UPDATE_WANTED = "update_wanted"
    UPDATE_REFUSED = "update_refused"
    UPDATE_TRIED = "update_tried"
    UPDATE_CONFIRMED = "update_confirmed"
    UPDATE_LEFT = "update_left"
    UPDATE_CHOICE = "update_choice"
    IMPORTED = "imported"
    RESET_OFFERED = "reset_offered"
    PASSWORD_RESET = "password_reset"
    DISABLED = "disabled"
    ENABLED = "enabled"
    EXPORTED = "exported"
    FORGOTTEN = "forgotten"


OF_ALL_KITCHENS = frozenset(
    {
        AuditEvent.RELEASE_PUBLISHED,
        AuditEvent.ROLLOUT_STAGE,
        AuditEvent.ROLLOUT_HALTED,
        AuditEvent.ROLLOUT_RESUMED,
    }
)
"""What is done to a release concerns every kitchen, so every owner may read it."""


REFUSALS = frozenset(
    {
        AuditEvent.SIGN_IN_REFUSED,
        AuditEvent.PASSWORD_CHANGE_REFUSED,
        AuditEvent.CLAIM_REFUSED,
        AuditEvent.REPORTS_DROPPED,
    }
)
"""What somebody tried in vain."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """An entry to be written. The owner of `kitchen_id` may read it; nobody may when it is None,
    unless the event is `OF_ALL_KITCHENS`.

    `person_id` is None for a dispenser, and for somebody who did not prove who they are. `about`
    names the dispenser, job or jar. `named`: the person whom it is about, and their name.
    """

    what: AuditEvent
    at: datetime
    kitchen_id: KitchenId | None
    person_id: PersonId | None
    address: str | None
    about: Mapping[str, int | str] = field(default_factory=dict[str, int | str])
    named: tuple[PersonId | None, str] | None = None

    @property
    def texts(self) -> dict[str, tuple[PersonId | None, str]]:
        """What the entry says of people: for each field of whom, and the text."""
        whose, _ = self.named or (None, "")
        address = None if self.address is None else (self.person_id or whose, self.address)
        said = {ADDRESS: address, NAME: self.named}
        return {field: text for field, text in said.items() if text is not None}


@dataclass(frozen=True, slots=True)
class ReadAuditEntry:
    """An entry as it is read. `who` is the person's name."""

    id: int
    entry: AuditEntry
    who: str | None
