"""Who uses Yaguts, and in whose kitchen."""

from dataclasses import dataclass
from datetime import datetime

from yaguts.domain.ids import KitchenId, PersonId, own_kitchen


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account. `kitchen_id`: the id of whose kitchen they cook in."""

    id: PersonId
    name: str
    kitchen_id: KitchenId

    @property
    def is_owner(self) -> bool:
        """Whether it is their own kitchen. In another's they cook, and configure nothing."""
        return self.kitchen_id == own_kitchen(self.id)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, and from which address, if from any. Not a person: a dispenser, or
    somebody who did not prove who they are.
    """

    person_id: PersonId | None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who cooks in another's kitchen. `id` is that of the membership."""

    id: int
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """A way into a household that nobody has taken yet."""

    id: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class House:
    """A kitchen's people. Only its owner is shown the invitations."""

    owner: Person
    members: tuple[Member, ...]
    invitations: tuple[Invitation, ...]


def name_key(name: str) -> str:
    """What two names must differ in: case and surrounding space do not count."""
    return name.strip().casefold()
