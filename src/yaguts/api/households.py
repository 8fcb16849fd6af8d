"""A kitchen's people: who owns it, who cooks there too, and how one comes to."""

from fastapi import APIRouter, Request

from yaguts.api.openapi.refusals import refusals
from yaguts.api.schemas.households import (
    HouseOut,
    JoinIn,
    NewInvitationOut,
    house_out,
    join_link,
)
from yaguts.domain.errors import (
    AlreadyHome,
    HasMembers,
    InAnotherKitchen,
    NotFound,
    WrongInvitation,
)
from yaguts.http.access import ActorDep, OwnerDep, PersonDep, SiteDep
from yaguts.http.fields import IdInPath
from yaguts.services.people import households

router = APIRouter(prefix="/casa", tags=["household"])


@router.get("")
def house(site: SiteDep, person: PersonDep) -> HouseOut:
    """The people of the kitchen in which one cooks."""
    return house_out(households.house_of(site, person))


@router.post("/convites", status_code=201)
def invite(site: SiteDep, owner: OwnerDep, actor: ActorDep, request: Request) -> NewInvitationOut:
    """Invite one more person to cook in one's kitchen: once, within three days."""
    invited = households.invite(site, owner.kitchen_id, actor)
    return NewInvitationOut(
        id=invited.invitation.id,
        expires_at=invited.invitation.expires_at,
        code=invited.code,
        link=join_link(str(request.base_url), invited.code),
    )


@router.delete(
    "/convites/{invitation_id}",
    status_code=204,
    responses=refusals(NotFound(what="invitation")),
)
def withdraw(site: SiteDep, owner: OwnerDep, actor: ActorDep, invitation_id: IdInPath) -> None:
    """Take an invitation back."""
    households.withdraw(site, owner.kitchen_id, invitation_id, actor)


@router.post(
    "/entrar",
    responses=refusals(WrongInvitation(), AlreadyHome(), InAnotherKitchen(), HasMembers()),
)
def join(site: SiteDep, person: PersonDep, actor: ActorDep, body: JoinIn) -> HouseOut:
    """Cook in the kitchen that one is invited to. One's own rests until one leaves."""
    return house_out(households.join(site, person, body.invitation, actor))


@router.post("/sair")
def leave(site: SiteDep, person: PersonDep, actor: ActorDep) -> HouseOut:
    """Back to one's own kitchen."""
    return house_out(households.leave(site, person, actor))


@router.delete(
    "/membros/{membership_id}",
    status_code=204,
    responses=refusals(NotFound(what="member")),
)
def remove_member(site: SiteDep, owner: OwnerDep, actor: ActorDep, membership_id: IdInPath) -> None:
    """A member is one no longer, from their next call on."""
    households.remove_member(site, owner.kitchen_id, membership_id, actor)
