"""A kitchen's household: its owner, its members, and invitations."""

from fastapi import APIRouter, Request

from yaguts.api.openapi.refusals import refusals
from yaguts.api.schemas.households import (
    HouseholdOut,
    JoinIn,
    NewInvitationOut,
    household_out,
    join_link,
)
from yaguts.domain.errors import (
    AlreadyHome,
    HasMembers,
    InAnotherKitchen,
    NotFound,
    TooMany,
    WrongInvitation,
)
from yaguts.domain.quotas import MOST_MEMBERS
from yaguts.http.access import ActorDep, OwnerDep, PersonDep, SiteDep
from yaguts.http.fields import IdInPath
from yaguts.http.public_address import server_address
from yaguts.services.people import households

router = APIRouter(prefix="/casa", tags=["household"])

_FULL = TooMany(what="member", most=MOST_MEMBERS)


@router.get("")
def house(site: SiteDep, person: PersonDep) -> HouseholdOut:
    """Return the owner and the members of the kitchen that the person cooks in."""
    return household_out(households.household_of(site, person))


@router.post("/convites", status_code=201)
def invite(site: SiteDep, owner: OwnerDep, actor: ActorDep, request: Request) -> NewInvitationOut:
    """Invite one person to the owner's kitchen. The code works once, for three days."""
    invited = households.invite(site, owner.kitchen_id, actor)
    return NewInvitationOut(
        id=invited.invitation.id,
        expires_at=invited.invitation.expires_at,
        code=invited.code,
        link=join_link(server_address(request, site.settings), invited.code),
    )


@router.delete(
    "/convites/{invitation_id}",
    status_code=204,
    responses=refusals(NotFound(what="invitation")),
)
def withdraw(site: SiteDep, owner: OwnerDep, actor: ActorDep, invitation_id: IdInPath) -> None:
    """Withdraw an invitation."""
    households.withdraw(site, owner.kitchen_id, invitation_id, actor)


@router.post(
    "/entrar",
    responses=refusals(WrongInvitation(), AlreadyHome(), InAnotherKitchen(), HasMembers(), _FULL),
)
def join(site: SiteDep, person: PersonDep, actor: ActorDep, body: JoinIn) -> HouseholdOut:
    """Join the kitchen of an invitation. The person's own kitchen is kept until they leave."""
    return household_out(households.join(site, person, body.invitation, actor))


@router.post("/sair")
def leave(site: SiteDep, person: PersonDep, actor: ActorDep) -> HouseholdOut:
    """Leave the kitchen and return to the person's own."""
    return household_out(households.leave(site, person, actor))


@router.delete(
    "/membros/{membership_id}",
    status_code=204,
    responses=refusals(NotFound(what="member")),
)
def remove_member(site: SiteDep, owner: OwnerDep, actor: ActorDep, membership_id: IdInPath) -> None:
    """Remove a member. Their next call is in their own kitchen."""
    households.remove_member(site, owner.kitchen_id, membership_id, actor)
