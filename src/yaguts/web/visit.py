"""Somebody looking at a page: who, in which language, at what moment."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse

from yaguts.domain.errors import NotSignedIn, OwnersOnly, YagutsError
from yaguts.domain.ids import KitchenId
from yaguts.domain.people import Actor, Person
from yaguts.http.access import AddressDep, PerhapsPersonDep, SiteDep, person_of
from yaguts.services.runtime.context import Site
from yaguts.translations import Language, explain
from yaguts.web.language import COOKIE, language_of
from yaguts.web.rendering import render
from yaguts.web.static_files import HOME

Context = dict[str, Any]
"""What a template is given to show."""

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
    # Kept for going back, but asked for again: what a jar holds changes.
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
        known: Context = {"person": self.person, "path": address.path, "here": HOME}
        if self.request.method == "GET":
            known["here"] = f"{address.path}?{address.query}".rstrip("?")
        return render(template, self.language, self.now, **(known | context))

    @property
    def server(self) -> str:
        """This server's address, as the visitor's browser knows it."""
        return str(self.request.base_url).removesuffix(HOME).rstrip("/")

    def explain(self, error: YagutsError) -> str:
        """What is wrong, in the reader's language."""
        return explain(error, self.language)

    def go(self, to: str = HOME) -> RedirectResponse:
        """After a change: the browser asks for a page anew, so that reloading repeats nothing."""
        return RedirectResponse(to, 303)


@dataclass(frozen=True, slots=True)
class Visit(Stranger):
    """A visit of somebody who is signed in."""

    person: Person

    def later(self) -> "Visit":
        """The same visitor, still looking. `NotSignedIn` once they may no longer."""
        if person_of(self.request, self.site) != self.person:
            raise NotSignedIn
        return replace(self, now=self.site.clock())

    @property
    def kitchen_id(self) -> KitchenId:
        """Whose kitchen this is."""
        return self.person.kitchen_id

    @property
    def actor(self) -> Actor:
        """The visitor as the one who does something."""
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
"""A visit of somebody in their own kitchen, who may configure it."""
