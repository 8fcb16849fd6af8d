"""The people of a kitchen: the owner invites; a member joins, cooks, and may leave.

Somebody cooks in one kitchen at a time. Their own kitchen stays as it was until they return.
"""

from dataclasses import dataclass
from datetime import datetime

from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.clock import ahead
from yaguts.domain.errors import AlreadyHome, HasMembers, InAnotherKitchen, WrongInvitation
from yaguts.domain.ids import KitchenId, PersonId, own_kitchen, owner_of
from yaguts.domain.people import INVITATION_LIFE, Actor, Household, Invitation, Person
from yaguts.domain.quotas import MOST_MEMBERS, insist_on_room
from yaguts.services import audit_log
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.tokens import new_token, token_hash
from yaguts.storage import alert_outbox, households, password_resets, people
from yaguts.storage.db.database import Connection
from yaguts.storage.db.locks import lock

MOST_OPEN = 10
"""One owner may have this many open invitations."""


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation as its owner sees it, once: only a hash of the code is stored."""

    invitation: Invitation
    code: str


def household_of(site: Site, person: Person) -> Household:
    """The people of the kitchen in which the person cooks."""
    with site.database.read() as connection:
        return _household(connection, person, site.clock())


def invite(site: Site, kitchen_id: KitchenId, by: Actor) -> Invited:
    """Make an invitation: a code with which one person may join, once, within three days."""
    code, now = new_token(site.randomness), site.clock()
    with site.database.write() as connection:
        lock(connection, "households")
        lived = site.lived.until(connection, now)
        households.remove_stale(connection, kitchen_id, MOST_OPEN - 1, lived)
        invitation = households.invite(
            connection, kitchen_id, token_hash(code), now + INVITATION_LIFE
        )
        audit_log.note(site, connection, AuditEvent.INVITED, kitchen_id, by)
    return Invited(invitation, code)


def withdraw(site: Site, kitchen_id: KitchenId, invitation_id: int, by: Actor) -> None:
    """Withdraw an invitation before it is used. Raises `NotFound`."""
    with site.database.write() as connection:
        households.withdraw(connection, kitchen_id, invitation_id)
        audit_log.note(site, connection, AuditEvent.INVITATION_WITHDRAWN, kitchen_id, by)


def inviter_of(site: Site, code: str) -> Person:
    """The person who invites. Raises `WrongInvitation`."""
    with site.database.read() as connection:
        return people.find(connection, owner_of(_host_id(connection, code, site.clock())))


def join(site: Site, person: Person, code: str, by: Actor) -> Household:
    """Make the person a member of the inviter's kitchen.

    Raises `WrongInvitation`, `AlreadyHome`, `InAnotherKitchen`, `HasMembers` or `TooMany`; the code
    stays good.
    """
    now = site.clock()
    with site.database.write() as connection:
        host_id = take(connection, code, now)
        _insist_on_free(connection, people.find(connection, person.id), host_id)
        households.withdraw_all(connection, own_kitchen(person.id))
        households.add_member(connection, host_id, person.id, now)
        audit_log.note(site, connection, AuditEvent.JOINED, host_id, by)
        return _household(connection, people.find(connection, person.id), now)


def leave(site: Site, person: Person, by: Actor) -> Household:
    """Return the person to their own kitchen. An owner there stays there."""
    with site.database.write() as connection:
        if households.leave(connection, person.id):
            _forget(connection, person.id)
            audit_log.note(site, connection, AuditEvent.LEFT, person.kitchen_id, by)
        return _household(connection, people.find(connection, person.id), site.clock())


def remove_member(site: Site, kitchen_id: KitchenId, membership_id: int, by: Actor) -> None:
    """End a membership, from the member's next call on. Raises `NotFound`."""
    with site.database.write() as connection:
        gone = people.find(connection, end_membership(connection, kitchen_id, membership_id))
        audit_log.note(site, connection, AuditEvent.MEMBER_REMOVED, kitchen_id, by, gone)


def end_membership(connection: Connection, kitchen_id: KitchenId, membership_id: int) -> PersonId:
    """End a membership and return whose it was. Inside a transaction. Raises `NotFound`."""
    person_id = households.remove_member(connection, kitchen_id, membership_id)
    _forget(connection, person_id)
    return person_id


def take(connection: Connection, code: str, now: datetime) -> KitchenId:
    """Use an invitation up and return its kitchen. Inside a transaction. Raises
    `WrongInvitation`, `TooMany`.
    """
    lock(connection, "households")
    host_id = _host_id(connection, code, now)
    insist_on_room("member", len(households.members(connection, host_id)), MOST_MEMBERS)
    households.use_up(connection, token_hash(code))
    return host_id


def _forget(connection: Connection, person_id: PersonId) -> None:
    """Forget what somebody had of a kitchen that they have left: what waits to be told of it, and
    a link for a new password, which its owner may have.
    """
    alert_outbox.forget_all(connection, person_id)
    password_resets.remove_of(connection, person_id)


def _host_id(connection: Connection, code: str, now: datetime) -> KitchenId:
    host_id = households.kitchen_of_invitation(
        connection, token_hash(code), ahead(now, INVITATION_LIFE)
    )
    if host_id is None:
        raise WrongInvitation
    return host_id


def _insist_on_free(connection: Connection, person: Person, host_id: KitchenId) -> None:
    if person.kitchen_id == host_id:
        raise AlreadyHome
    if not person.is_owner:
        raise InAnotherKitchen
    if households.members(connection, own_kitchen(person.id)):
        raise HasMembers


def _household(connection: Connection, person: Person, now: datetime) -> Household:
    owner = people.find(connection, owner_of(person.kitchen_id))
    shown = (
        households.open_invitations(connection, person.kitchen_id, ahead(now, INVITATION_LIFE))
        if person.is_owner
        else ()
    )
    return Household(owner, households.members(connection, person.kitchen_id), shown)
