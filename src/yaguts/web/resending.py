"""A form that did not arrive as it was meant: sent twice, or sent after the session had ended.

What was typed is kept in the answer, and the person decides whether it is sent.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import HTMLResponse, Response

from yaguts.domain.clock import age
from yaguts.domain.errors import AlreadySent
from yaguts.domain.people import Person
from yaguts.translations.pages import page_text
from yaguts.web.forms import MOST_FIELDS
from yaguts.web.rendering import render
from yaguts.web.sending import GO, SECRETS, fields_in, is_by_script, kept_fields, key_field, on_to
from yaguts.web.static_files import home
from yaguts.web.visit import PAGE_HEADERS, Stranger, language_of_request, page_headers

A_TAP = timedelta(minutes=1)
"""A form that comes again within this time was tapped twice, and nobody is asked."""
KEPT, KEPT_FOR = "kept", "kept_for"
"""The hidden fields of the sign-in page: what was typed, and where it was sent."""


async def already_sent(request: Request, error: AlreadySent) -> Response:
    """The page that the form led to when it was booked. After a while the person is asked whether
    it is meant once more.
    """
    address, now = error.fields["address"] or home(), request.app.state.site.clock()
    at: Any = error.fields["at"]
    passed = age(at, now)
    if is_by_script(request) or (passed is not None and passed < A_TAP):
        return on_to(request, str(address))
    form = await request.form(max_fields=MOST_FIELDS)
    return _page(request, 409, "again", request.url.path, kept_fields(form), see=str(address))


async def ask_to_sign_in(request: Request) -> Response:
    """Ask for name and password. A form waits on the page until then."""
    if request.method == "GET":
        return on_to(request, f"{home()}sign-in?{urlencode({'next': request.url.path})}")
    if is_by_script(request):
        return Response(status_code=401, headers={GO: f"{home()}sign-in"})
    if "multipart" in request.headers.get("content-type", ""):
        return on_to(request, f"{home()}sign-in")  # No page can hold a file.
    fields = kept_fields(await request.form(max_fields=MOST_FIELDS), *SECRETS)
    known = {KEPT_FOR: request.url.path, KEPT: urlencode(fields), "next": home(), "room": False}
    language, now = language_of_request(request), request.app.state.site.clock()
    known |= {"person": None, "path": "", "here": home(), "name": "", "problems": {}}
    wrong = page_text(language, "sending.sign_in")
    return HTMLResponse(
        render("people/sign_in.html", language, now, None, wrong=wrong, **known), 401, PAGE_HEADERS
    )


def kept_form(visit: Stranger, person: Person) -> Response | None:
    """The page with the form that waited while somebody signed in, if one did."""
    path = visit.sent(KEPT_FOR)
    if not path.startswith(home()) or "\\" in path:
        return None
    fields = fields_in(visit.sent(KEPT))
    return _page(visit.request, 200, "kept", path, fields, person=person)


def _page(
    request: Request,
    status: int,
    why: str,
    path: str,
    fields: Sequence[tuple[str, str]],
    *,
    see: str = "",
    person: Person | None = None,
) -> Response:
    site, language = request.app.state.site, language_of_request(request)
    about = {"why": why, "action": path, "fields": fields, "see": see}
    about |= {"person": person, "path": "", "here": home()}
    about |= {"once": partial(key_field, site.randomness)}
    html = render("resend.html", language, site.clock(), None, **about)
    return HTMLResponse(html, status, page_headers(request, person))
