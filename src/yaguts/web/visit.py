"""A visit: somebody who looks at a page, in a language, at a moment."""

from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, Response

from yaguts.domain.errors import NotSignedIn, OwnersOnly, YagutsError
from yaguts.domain.ids import KitchenId
from yaguts.domain.people import Actor, Person
from yaguts.http.access import AddressDep, PerhapsPersonDep, SiteDep, is_https, person_of
from yaguts.http.lan_addresses import is_for_others, is_local, literal
from yaguts.http.public_address import server_address
from yaguts.http.refusals.errors import status_of
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.once import SentForm
from yaguts.translations import Language
from yaguts.translations.pages import explain_on_page
from yaguts.web.forms import FormDep, Refusal
from yaguts.web.language import CHOSEN, COOKIE, language_of
from yaguts.web.rendering import render
from yaguts.web.sending import key_field, key_of, on_to
from yaguts.web.static_files import home
from yaguts.web.time_zone import COOKIE as ZONE
from yaguts.web.time_zone import zone_of

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
SCRIPTS = "yaguts_scripts"
"""The cookie of a browser that runs scripts, until it is closed: see kitchen.js."""


def page_headers(request: Request, person: Person | None) -> dict[str, str]:
    """The headers of a page that shows what is this person's.

    After a sign-out, Back must not show it. A script asks whose session it is when a page comes
    back as it was left: see `pageshow` in kitchen.js. Without scripts no browser may keep the page.
    With them `no-store` would cost what is typed on a page that one goes back to.
    """
    if person is None or SCRIPTS in request.cookies:
        return PAGE_HEADERS
    return {**PAGE_HEADERS, "Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Stranger:
    """A visit of somebody who need not be signed in."""

    request: Request
    site: Site
    language: Language
    now: datetime
    person: Person | None
    address: str
    form: FormData = field(default_factory=FormData)

    def page(self, template: str, status: int = 200, **context: Any) -> HTMLResponse:
        """A whole page."""
        headers = page_headers(self.request, context.get("person", self.person))
        return HTMLResponse(self.html(template, **context), status, headers)

    def html(self, template: str, **context: Any) -> str:
        """A page or a part of one, as text."""
        address = self.request.url
        known: Context = {"person": self.person, "path": address.path, "here": self._came_from}
        known |= {"once": partial(key_field, self.site.randomness), "sent": self.sent}
        if self.request.method == "GET":
            known["here"] = f"{address.path}?{address.query}".rstrip("?")
        return render(template, self.language, self.now, self.zone, **(known | context))

    @property
    def zone(self) -> tzinfo | None:
        """The visitor's time zone. None: the server's own."""
        return zone_of(self.request.cookies.get(ZONE))

    @property
    def _came_from(self) -> str:
        """The page with the form that this page answers, or else the home page."""
        try:
            page = urlsplit(self.request.headers.get("referer", ""))
        except ValueError:  # It is no address.
            return home()
        ours = page.netloc == self.request.headers.get("host") and page.path.startswith(home())
        return f"{page.path}?{page.query}".rstrip("?") if ours else home()

    def sent(self, name: str, otherwise: Any = "") -> Any:
        """What somebody typed into a field, if this page answers a form that has it."""
        value = self.form.get(name)
        return value if isinstance(value, str) else otherwise

    @property
    def server(self) -> str:
        """This server's address, as the visitor's browser and dispensers know it."""
        return server_address(self.request, self.site.settings)

    @property
    def here_only(self) -> bool:
        """Whether no telephone reaches that address."""
        return not is_for_others(urlsplit(self.server).hostname or "")

    @property
    def is_secure(self) -> bool:
        """Whether the browser allows what only HTTPS, or this machine itself, may do."""
        host = self.request.url.hostname or ""
        given = literal(host)
        here = is_local(host) if given is None else given.is_loopback
        return is_https(self.request) or here

    def explain(self, error: YagutsError) -> str:
        """The error in the reader's language."""
        return explain_on_page(error, self.language)

    def wrong(self, error: Refusal | YagutsError) -> tuple[int, str]:
        """The status and the sentence for a form that cannot be used, or is refused."""
        if isinstance(error, Refusal):
            return 422, error.first
        return status_of(error), self.explain(error)

    def go(self, to: str = "") -> Response:
        """Have the browser ask for a page (home unless told) after a change: reloading repeats
        nothing.
        """
        return on_to(self.request, to or home())


@dataclass(frozen=True, slots=True)
class Visit(Stranger):
    """A visit of somebody who is signed in."""

    person: Person
    sent_form: SentForm | None = None

    def go(self, to: str = "") -> Response:
        """The same. A repeat of the form leads to this page too."""
        if self.sent_form is not None:
            self.sent_form.led_to(to or home())
        return Stranger.go(self, to)

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
    chosen = request.scope.get(CHOSEN) or request.cookies.get(COOKIE)
    return language_of(chosen, request.headers.get("accept-language", ""))


def _stranger(
    request: Request, site: SiteDep, person: PerhapsPersonDep, address: AddressDep, form: FormDep
) -> Stranger:
    language = language_of_request(request)
    return Stranger(request, site, language, site.clock(), person, address, form)


StrangerDep = Annotated[Stranger, Depends(_stranger)]


def _visit(stranger: StrangerDep) -> Visit:
    if stranger.person is None:
        raise NotSignedIn
    person, site, key = stranger.person, stranger.site, key_of(stranger.form)
    sent = None if key is None else SentForm(site, person.id, key)
    return Visit(
        stranger.request,
        site if sent is None else sent.site,
        stranger.language,
        stranger.now,
        person,
        stranger.address,
        stranger.form,
        sent,
    )


VisitDep = Annotated[Visit, Depends(_visit)]


def _owners_visit(visit: VisitDep) -> Visit:
    if not visit.person.is_owner:
        raise OwnersOnly
    return visit


OwnersVisitDep = Annotated[Visit, Depends(_owners_visit)]
"""A visit of an owner in their own kitchen, who may configure it."""
