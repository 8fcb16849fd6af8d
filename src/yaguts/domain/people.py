"""Who uses Yaguts, and in whose kitchen."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from yaguts.domain.ids import KitchenId, PersonId, own_kitchen

INVITATION_LIFE = timedelta(days=3)
"""An invitation is valid for this long."""
RESET_LIFE = timedelta(hours=24)
"""A link for a new password is valid for this long."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account. `kitchen_id` names the kitchen in which the person cooks."""

    id: PersonId
    name: str
    kitchen_id: KitchenId

    @property
    def is_owner(self) -> bool:
        """Whether the kitchen is the person's own. A member of another kitchen configures
        nothing.
        """
        return self.kitchen_id == own_kitchen(self.id)


@dataclass(frozen=True, slots=True)
class Account:
    """An account as whoever runs the server sees it.

    `seen_at` is the last use of a session that has not ended, to within an hour. Of a deleted
    account the number is left.
    """

    person: Person
    created_at: datetime
    disabled_at: datetime | None
    deleted_at: datetime | None
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, and from which address, if it is known.

    `person_id` is None for a dispenser, and for somebody who did not prove who they are.
    """

    person_id: PersonId | None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who cooks in another's kitchen. `id` is the number of the membership.

    `resettable`: the owner may make a link for a new password of theirs. `reset_at` is when that
    was last done.
    """

    id: int
    name: str
    since: datetime
    resettable: bool = False
    reset_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation to a household that nobody has taken yet."""

    id: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Household:
    """The people of a kitchen. Only the owner is shown the invitations."""

    owner: Person
    members: tuple[Member, ...]
    invitations: tuple[Invitation, ...]

    def membership_of(self, person: Person) -> Member | None:
        """The membership of a person. None for the owner. Names are unique."""
        return next((each for each in self.members if each.name == person.name), None)


def name_key(name: str) -> str:
    """The name by which somebody signs in. Case and surrounding space do not count."""
    return name.strip().casefold()
