"""A kitchen's people: who owns it, who cooks there too, and how one comes to."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field

from yaguts.api.access import ActorDep, OwnerDep, PersonDep, SiteDep
from yaguts.api.fields import IdInPath, Inbound, Outbound, UtcTime
from yaguts.api.refusals import refusals
from yaguts.domain.errors import (
    AlreadyHome,
    HasMembers,
    InAnotherKitchen,
    NotFound,
    WrongInvitation,
)
from yaguts.domain.people import House
from yaguts.services import households
from yaguts_wire import words as w

router = APIRouter(prefix="/casa", tags=["household"])

JOIN_PAGE = "/app/join"
InvitationCode = Annotated[str, Field(min_length=1, max_length=64)]


class OwnerOut(Outbound):
    """Whose kitchen it is."""

    id: int
    name: str = Field(serialization_alias=w.NAME)


class MemberOut(Outbound):
    """Somebody who cooks there too. `id` is that of the membership."""

    id: int
    name: str = Field(serialization_alias=w.NAME)
    since: UtcTime = Field(serialization_alias=w.SINCE)


class InvitationOut(Outbound):
    """An invitation that nobody has taken yet."""

    id: int
    expires_at: UtcTime


class NewInvitationOut(InvitationOut):
    """The same when it is made, with what is told only then."""

    code: str
    link: str


class HouseOut(Outbound):
    """The people of a kitchen. Only its owner is told of invitations."""

    owner: OwnerOut = Field(serialization_alias=w.OWNER)
    members: list[MemberOut] = Field(serialization_alias=w.MEMBERS)
    invitations: list[InvitationOut] = Field(serialization_alias=w.INVITATIONS)


class Acceptance(Inbound):
    """Somebody who was invited."""

    invitation: InvitationCode = Field(alias=w.INVITATION)


@router.get("")
def house(site: SiteDep, person: PersonDep) -> HouseOut:
    """The people of the kitchen in which one cooks."""
    return _out(households.house_of(site, person))


@router.post("/convites", status_code=201)
def invite(site: SiteDep, owner: OwnerDep, actor: ActorDep, request: Request) -> NewInvitationOut:
    """Invite one more person to cook in one's kitchen: once, within three days."""
    invited = households.invite(site, owner.id, actor)
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
    households.withdraw(site, owner.id, invitation_id, actor)


@router.post(
    "/entrar",
    responses=refusals(WrongInvitation(), AlreadyHome(), InAnotherKitchen(), HasMembers()),
)
def join(site: SiteDep, person: PersonDep, actor: ActorDep, body: Acceptance) -> HouseOut:
    """Cook in the kitchen that one is invited to. One's own rests until one leaves."""
    return _out(households.join(site, person, body.invitation, actor))


@router.post("/sair")
def leave(site: SiteDep, person: PersonDep, actor: ActorDep) -> HouseOut:
    """Back to one's own kitchen."""
    return _out(households.leave(site, person, actor))


@router.delete(
    "/membros/{membership_id}",
    status_code=204,
    responses=refusals(NotFound(what="member")),
)
def remove_member(site: SiteDep, owner: OwnerDep, actor: ActorDep, membership_id: IdInPath) -> None:
    """A member is one no longer, from their next call on."""
    households.remove_member(site, owner.id, membership_id, actor)


def join_link(server: str, code: str) -> str:
    """Where the invited go. `server`: its address, which ends in a slash."""
    return f"{server.rstrip('/')}{JOIN_PAGE}?{w.INVITATION}={code}"


def _out(house: House) -> HouseOut:
    return HouseOut(
        owner=OwnerOut(id=house.owner.id, name=house.owner.name),
        members=[MemberOut(id=one.id, name=one.name, since=one.since) for one in house.members],
        invitations=[
            InvitationOut(id=one.id, expires_at=one.expires_at) for one in house.invitations
        ],
    )
