"""A visit: somebody who looks at a page, in a language, at a moment."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse

from yaguts.domain.errors import NotSignedIn, OwnersOnly, YagutsError
from yaguts.domain.ids import KitchenId
from yaguts.domain.people import Actor, Person
from yaguts.http.access import AddressDep, PerhapsPersonDep, SiteDep, person_of
from yaguts.http.errors import status_of
from yaguts.http.public_address import server_address
from yaguts.services.runtime.context import Site
from yaguts.translations import Language, explain
from yaguts.web.forms import Refusal
from yaguts.web.language import COOKIE, language_of
from yaguts.web.rendering import render
from yaguts.web.static_files import home

Context = dict[str, Any]
"""The values that a template is given."""

PAGE_HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    ),
    # The browser keeps the page for going back, but asks for it again: stock changes.
    "Cache-Control": "private, no-cache",
    "Vary": "Accept-Language, Cookie",
}


@dataclass(frozen=True, slots=True)
class Stranger:
    """A visit of somebody who need not be signed in."""

    request: Request
    site: Site
    language: Language
    now: datetime
    person: Person | None
    address: str

    def page(self, template: str, status: int = 200, **context: Any) -> HTMLResponse:
        """A whole page."""
        return HTMLResponse(self.html(template, **context), status, PAGE_HEADERS)

    def html(self, template: str, **context: Any) -> str:
        """A page or a part of one, as text."""
        address = self.request.url
        known: Context = {"person": self.person, "path": address.path, "here": home()}
        if self.request.method == "GET":
            known["here"] = f"{address.path}?{address.query}".rstrip("?")
        return render(template, self.language, self.now, **(known | context))

    @property
    def server(self) -> str:
        """This server's address, as the visitor's browser and dispensers know it."""
        return server_address(self.request, self.site.settings)

    def explain(self, error: YagutsError) -> str:
        """The error in the reader's language."""
        return explain(error, self.language)

    def wrong(self, error: Refusal | YagutsError) -> tuple[int, str]:
        """The status and the sentence for a form that cannot be used, or is refused."""
        if isinstance(error, Refusal):
            return 422, error.first
        return status_of(error), self.explain(error)

    def go(self, to: str = "") -> RedirectResponse:
        """Have the browser ask for a page (home unless told) after a change: reloading repeats
        nothing.
        """
        return RedirectResponse(to or home(), 303)


@dataclass(frozen=True, slots=True)
class Visit(Stranger):
    """A visit of somebody who is signed in."""

    person: Person

    def later(self) -> "Visit":
        """The same visitor at a later moment. Raises `NotSignedIn` when the session has ended."""
        if person_of(self.request, self.site) != self.person:
            raise NotSignedIn
        return replace(self, now=self.site.clock())

    @property
    def kitchen_id(self) -> KitchenId:
        """The kitchen that the visitor sees."""
        return self.person.kitchen_id

    @property
    def actor(self) -> Actor:
        """The visitor as an actor."""
        return Actor(self.person.id, self.address)


def language_of_request(request: Request) -> Language:
    """The language in which to answer."""
    return language_of(request.cookies.get(COOKIE), request.headers.get("accept-language", ""))


def _stranger(
    request: Request, site: SiteDep, person: PerhapsPersonDep, address: AddressDep
) -> Stranger:
    language = language_of_request(request)
    return Stranger(request, site, language, site.clock(), person, address)


StrangerDep = Annotated[Stranger, Depends(_stranger)]


def _visit(stranger: StrangerDep) -> Visit:
    if stranger.person is None:
        raise NotSignedIn
    request, site, language = stranger.request, stranger.site, stranger.language
    return Visit(request, site, language, stranger.now, stranger.person, stranger.address)


VisitDep = Annotated[Visit, Depends(_visit)]


def _owners_visit(visit: VisitDep) -> Visit:
    if not visit.person.is_owner:
        raise OwnersOnly
    return visit


OwnersVisitDep = Annotated[Visit, Depends(_owners_visit)]
"""A visit of an owner in their own kitchen, who may configure it."""
