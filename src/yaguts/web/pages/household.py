"""The household: invite somebody, help or remove a member, join, leave."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from yaguts.api.schemas.households import join_link
from yaguts.domain.errors import Conflict, ResetByOperator
from yaguts.http.fields import IdInPath
from yaguts.http.public_address import reset_link
from yaguts.http.refusals.errors import status_of
from yaguts.services.people import households, resets
from yaguts.web.forms import FormDep, typed
from yaguts.web.static_files import home
from yaguts.web.visit import OwnersVisitDep, Stranger, StrangerDep, VisitDep
from yaguts_wire import words as w

router = APIRouter()

_RESET_LINK = "people/reset_link.html"

InvitationCodeInQuery = Annotated[str, Query(alias=w.INVITATION, max_length=64)]


@router.post("/household/invitations")
def invite(visit: OwnersVisitDep) -> Response:
    """Show a new invitation, once: only a hash of its code is stored."""
    invited = households.invite(visit.site, visit.kitchen_id, visit.actor)
    return visit.page("people/invitation.html", link=join_link(visit.server, invited.code))


@router.post("/household/invitations/{invitation_id}/withdraw")
def withdraw(visit: OwnersVisitDep, invitation_id: IdInPath) -> Response:
    """Withdraw an invitation."""
    households.withdraw(visit.site, visit.kitchen_id, invitation_id, visit.actor)
    return visit.go(f"{home()}settings")


@router.post("/household/members/{membership_id}/remove")
def remove(visit: OwnersVisitDep, membership_id: IdInPath) -> Response:
    """Remove a member."""
    households.remove_member(visit.site, visit.kitchen_id, membership_id, visit.actor)
    return visit.go(f"{home()}settings")


@router.post("/household/members/{membership_id}/reset")
def reset(visit: OwnersVisitDep, membership_id: IdInPath) -> Response:
    """Show a link with which the member chooses a new password, once."""
    try:
        member, code = resets.offer_member(visit.site, visit.kitchen_id, membership_id, visit.actor)
    except ResetByOperator as error:
        wrong = visit.explain(error)
        return visit.page(_RESET_LINK, status_of(error), name="", link="", wrong=wrong)
    link = reset_link(visit.server, code)
    page = visit.page(_RESET_LINK, 200, name=member.name, link=link, wrong="")
    page.headers["Cache-Control"] = "no-store"
    return page


@router.post("/household/leave")
def leave(visit: VisitDep) -> Response:
    """Return to one's own kitchen."""
    households.leave(visit.site, visit.person, visit.actor)
    return visit.go(f"{home()}settings")


@router.get("/join")
def invited(visit: StrangerDep, code: InvitationCodeInQuery = "") -> Response:
    """Ask whether to join, or first to sign in."""
    return _join(visit, code)


@router.post("/join")
def join(visit: VisitDep, form: FormDep) -> Response:
    """Join the kitchen."""
    code = typed(form, w.INVITATION)
    try:
        households.join(visit.site, visit.person, code, visit.actor)
    except Conflict as error:
        return _join(visit, code, 409, visit.explain(error))
    return visit.go()


def _join(visit: Stranger, code: str, status: int = 200, wrong: str = "") -> Response:
    host = households.inviter_of(visit.site, code)
    return visit.page("people/join.html", status, host=host, invitation=code, wrong=wrong)
