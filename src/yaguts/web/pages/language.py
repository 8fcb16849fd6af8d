"""Choose a language. What was typed into the page's form stays.

The button of a language belongs to the form that is typed into, so that the browser sends it along.
The same page is then shown in the other language with what was typed. Where the address of a page
says what was typed, that is enough.
"""

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from fastapi import APIRouter, Query, Request
from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from yaguts.http.access import is_https
from yaguts.web.errors import local
from yaguts.web.forms import TYPED, FormDep, typed
from yaguts.web.language import CHOSEN, COOKIE, named
from yaguts.web.sending import SECRETS, kept_fields
from yaguts.web.static_files import home
from yaguts.web.visit import StrangerDep

router = APIRouter()

A_YEAR_S = 365 * 86_400
IN_ADDRESS = {"q", "people", "hand", "dispenser"}
"""What is typed and stands in the address of its page."""
PageInQuery = Annotated[str, Query(max_length=2000)]


@router.post("/language")
def choose_language(visit: StrangerDep, form: FormDep, page: PageInQuery = "") -> Response:
    """Store the chosen language and show the same page in it."""
    language = named(typed(form, "language")) or visit.language
    fields = kept_fields(form, "language", *SECRETS) if page else []
    back = local(page or typed(form, "back"))
    in_address = [(name, value) for name, value in fields if name in IN_ADDRESS]
    answer: Response
    if not fields:
        answer = visit.go(back)
    elif in_address:
        answer = visit.go(_with(back, in_address))
    else:
        answer = _Again(visit.request, back, fields, language)
    https = is_https(visit.request)
    answer.set_cookie(
        COOKIE, language, A_YEAR_S, path=home(), secure=https, httponly=True, samesite="lax"
    )
    return answer


def _with(page: str, fields: Sequence[tuple[str, str]]) -> str:
    """The address of the page, with these fields in place of its own."""
    parts = urlsplit(page)
    return f"{parts.path}?{urlencode({**dict(parse_qsl(parts.query)), **dict(fields)})}"


class _Again(Response):
    """The page as it is opened, with what was typed into its form."""

    def __init__(
        self, request: Request, page: str, fields: Sequence[tuple[str, str]], language: str
    ) -> None:
        super().__init__()
        path, query = urlsplit(page).path, urlsplit(page).query
        self._router = request.app.router
        self._changes = {
            "method": "GET",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            TYPED: FormData(list(fields)),
            CHOSEN: language,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        cookies = [each for each in self.raw_headers if each[0] == b"set-cookie"]

        async def also_choose(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *cookies]}
            await send(message)

        opened: dict[str, Any] = {**scope, **self._changes}
        await self._router(opened, receive, also_choose)
