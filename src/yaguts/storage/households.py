"""Members of kitchens, and invitations. Only hashes of invitation codes are stored."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Table,
    and_,
    delete,
    exists,
    insert,
    not_,
    or_,
    select,
    update,
)

from yaguts.domain.clock import Window
from yaguts.domain.errors import NotFound
from yaguts.domain.ids import KitchenId, PersonId
from yaguts.domain.people import Invitation, Member
from yaguts.storage.tables import dispensers, invitations, jars, jobs, memberships, people, recipes
from yaguts.storage.windows import before, bounds, inside

_HOSTS = memberships.alias("hosts")


def _has(table: Table) -> Any:
    """Whether the member's own kitchen has one of these."""
    return exists().where(table.c.owner_id == memberships.c.person_id)


_IN_USE = or_(
    _has(recipes),
    _has(jobs),
    exists().where(_HOSTS.c.owner_id == memberships.c.person_id),
    exists().where(dispensers.c.owner_id == memberships.c.person_id, dispensers.c.uid.is_not(None)),
    exists().where(
        dispensers.c.owner_id == memberships.c.person_id,
        jars.c.dispenser_id == dispensers.c.id,
        jars.c.label.is_not(None),
    ),
)
"""Whether the member's own kitchen is in use. Then an owner elsewhere must not get at it."""
_RESETTABLE = and_(memberships.c.made_here, people.c.disabled_at.is_(None), not_(_IN_USE))
_MEMBERS = select(
    memberships.c.id,
    memberships.c.person_id,
    people.c.name,
    memberships.c.since,
    _RESETTABLE.label("resettable"),
    memberships.c.reset_at,
).join_from(memberships, people, memberships.c.person_id == people.c.id)


def add_member(
    connection: Connection,
    kitchen_id: KitchenId,
    person_id: PersonId,
    now: datetime,
    *,
    made_here: bool = False,
) -> None:
    """Make the person a member of the kitchen. `made_here`: their account is made with it."""
    row = {"owner_id": kitchen_id, "person_id": person_id, "since": now, "made_here": made_here}
    connection.execute(insert(memberships).values(row))


def members(connection: Connection, kitchen_id: KitchenId) -> tuple[Member, ...]:
    """The members of the kitchen, the longest first. The owner is not among them."""
    found = _MEMBERS.where(memberships.c.owner_id == kitchen_id).order_by(memberships.c.id)
    return tuple(_member(row) for row in connection.execute(found))


def find_member(
    connection: Connection, kitchen_id: KitchenId, membership_id: int
) -> tuple[Member, PersonId]:
    """A member of this kitchen, and who it is. Raises `NotFound`."""
    one = (memberships.c.owner_id == kitchen_id) & (memberships.c.id == membership_id)
    row = connection.execute(_MEMBERS.where(one)).one_or_none()
    if row is None:
        raise NotFound(what="member")
    return _member(row), row.person_id


def note_reset(connection: Connection, membership_id: int, now: datetime) -> None:
    """Note that the owner has made a link for a new password of the member."""
    noted = update(memberships).where(memberships.c.id == membership_id).values(reset_at=now)
    connection.execute(noted)


def remove_member(connection: Connection, kitchen_id: KitchenId, membership_id: int) -> PersonId:
    """End a membership of this kitchen and return whose it was. Raises `NotFound`."""
    one = (memberships.c.owner_id == kitchen_id) & (memberships.c.id == membership_id)
    ended = delete(memberships).where(one).returning(memberships.c.person_id)
    person_id = connection.execute(ended).scalar_one_or_none()
    if person_id is None:
        raise NotFound(what="member")
    return person_id


def leave(connection: Connection, person_id: PersonId) -> bool:
    """Return the person to their own kitchen. False when they are there already."""
    ended = delete(memberships).where(memberships.c.person_id == person_id)
    return connection.execute(ended).rowcount > 0


def invite(
    connection: Connection, kitchen_id: KitchenId, code_hash: str, expires_at: datetime
) -> Invitation:
    """Store a new invitation."""
    row = {"owner_id": kitchen_id, "code_hash": code_hash, "expires_at": expires_at}
    added = insert(invitations).values(row).returning(invitations.c.id)
    return Invitation(connection.execute(added).scalar_one(), expires_at)


def open_invitations(
    connection: Connection, kitchen_id: KitchenId, alive: Window
) -> tuple[Invitation, ...]:
    """The kitchen's invitations that can still be taken, oldest first."""
    valid = (invitations.c.owner_id == kitchen_id) & inside(invitations.c.expires_at)
    found = select(invitations.c.id, invitations.c.expires_at).where(valid)
    rows = connection.execute(found.order_by(invitations.c.id), bounds(alive))
    return tuple(Invitation(row.id, row.expires_at) for row in rows)


def kitchen_of_invitation(
    connection: Connection, code_hash: str, alive: Window
) -> KitchenId | None:
    """The kitchen that the invitation leads to, or None when it is not valid."""
    valid = (invitations.c.code_hash == code_hash) & inside(invitations.c.expires_at)
    found = select(invitations.c.owner_id).where(valid)
    return connection.execute(found, bounds(alive)).scalar_one_or_none()


def use_up(connection: Connection, code_hash: str) -> None:
    """Mark the invitation as taken."""
    connection.execute(delete(invitations).where(invitations.c.code_hash == code_hash))


def withdraw(connection: Connection, kitchen_id: KitchenId, invitation_id: int) -> None:
    """Withdraw an invitation. Raises `NotFound`."""
    one = (invitations.c.owner_id == kitchen_id) & (invitations.c.id == invitation_id)
    if connection.execute(delete(invitations).where(one)).rowcount == 0:
        raise NotFound(what="invitation")


def withdraw_all(connection: Connection, kitchen_id: KitchenId) -> None:
    """Withdraw all invitations of a kitchen."""
    connection.execute(delete(invitations).where(invitations.c.owner_id == kitchen_id))


def remove_stale(
    connection: Connection, kitchen_id: KitchenId, keep: int, moment: datetime
) -> None:
    """Remove what expired before a moment, and all but the kitchen's `keep` newest."""
    connection.execute(delete(invitations).where(before(invitations.c.expires_at, moment)))
    newest_first = (
        select(invitations.c.id)
        .where(invitations.c.owner_id == kitchen_id)
        .order_by(invitations.c.id.desc())
    )
    surplus = connection.execute(newest_first.offset(keep)).scalars().all()
    connection.execute(delete(invitations).where(invitations.c.id.in_(surplus)))


def _member(row: Any) -> Member:
    return Member(row.id, row.name, row.since, bool(row.resettable), row.reset_at)
