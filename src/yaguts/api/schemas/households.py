"""Households and invitations in requests and answers."""

from typing import Annotated

from pydantic import Field

from yaguts.domain.people import Household
from yaguts.http.fields import Inbound, Outbound, UtcTime
from yaguts_wire import words as w

JOIN_PAGE = "/app/join"
InvitationCode = Annotated[str, Field(min_length=1, max_length=64)]


class OwnerOut(Outbound):
    """The owner of a kitchen."""

    id: int
    name: str = Field(serialization_alias=w.NAME)


class MemberOut(Outbound):
    """A member of a household. `id` is the number of the membership."""

    id: int
    name: str = Field(serialization_alias=w.NAME)
    since: UtcTime = Field(serialization_alias=w.SINCE)


class InvitationOut(Outbound):
    """An invitation that nobody has used yet."""

    id: int
    expires_at: UtcTime


class NewInvitationOut(InvitationOut):
    """A new invitation. Only this answer has its code."""

    code: str
    link: str


class HouseholdOut(Outbound):
    """The household of a kitchen. Only the owner sees the invitations."""

    owner: OwnerOut = Field(serialization_alias=w.OWNER)
    members: list[MemberOut] = Field(serialization_alias=w.MEMBERS)
    invitations: list[InvitationOut] = Field(serialization_alias=w.INVITATIONS)


class JoinIn(Inbound):
    """The code of an invitation."""

    invitation: InvitationCode = Field(alias=w.INVITATION)


def join_link(server: str, code: str) -> str:
    """Return the address of the page on which an invited person joins.

    `server` is the address of the server, with or without a slash at the end.
    """
    return f"{server.rstrip('/')}{JOIN_PAGE}?{w.INVITATION}={code}"


def household_out(house: Household) -> HouseholdOut:
    return HouseholdOut(
        owner=OwnerOut(id=house.owner.id, name=house.owner.name),
        members=[
            MemberOut(id=member.id, name=member.name, since=member.since)
            for member in house.members
        ],
        invitations=[
            InvitationOut(id=invitation.id, expires_at=invitation.expires_at)
            for invitation in house.invitations
        ],
    )
