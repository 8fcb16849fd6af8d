"""The people of a kitchen, and invitations to it, as they come in and go out."""

from typing import Annotated

from pydantic import Field

from yaguts.domain.people import House
from yaguts.http.fields import Inbound, Outbound, UtcTime
from yaguts_wire import words as w

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


class JoinIn(Inbound):
    """Somebody who was invited."""

    invitation: InvitationCode = Field(alias=w.INVITATION)


def join_link(server: str, code: str) -> str:
    """Where the invited go. `server`: its address, which ends in a slash."""
    return f"{server.rstrip('/')}{JOIN_PAGE}?{w.INVITATION}={code}"


def house_out(house: House) -> HouseOut:
    return HouseOut(
        owner=OwnerOut(id=house.owner.id, name=house.owner.name),
        members=[MemberOut(id=one.id, name=one.name, since=one.since) for one in house.members],
        invitations=[
            InvitationOut(id=one.id, expires_at=one.expires_at) for one in house.invitations
        ],
    )
