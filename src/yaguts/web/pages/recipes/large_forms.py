"""The forms that may be larger than others, for somebody who is signed in."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import Scope

from yaguts.http.access import person_of
from yaguts.http.bodies import LARGEST, Allowed
from yaguts.http.public_address import route_path
from yaguts.web.static_files import PAGES

LARGEST_FILE_MB = 4
LARGEST_FORM = LARGEST_FILE_MB * 1024 * 1024 + LARGEST
"""In bytes: a file, and what stands around it."""
_IMPORTS = f"{PAGES}/recipes/import"
_LANGUAGE = f"{PAGES}/language"
"""What was typed into a page is sent along when its reader chooses a language."""


async def largest_body(scope: Scope) -> Allowed:
    """How long the body of a request may be, and who sends it."""
    path = route_path(scope)
    large = path in (_IMPORTS, _LANGUAGE) or path.startswith(f"{_IMPORTS}/")
    if scope["method"] != "POST" or not large:
        return Allowed(LARGEST)
    person = await run_in_threadpool(person_of, HTTPConnection(scope), scope["app"].state.site)
    return Allowed(LARGEST) if person is None else Allowed(LARGEST_FORM, person.id)
