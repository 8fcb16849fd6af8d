"""Errors as pages: what is wrong, and the way back."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.types import Scope

from yaguts.domain.errors import AlreadySent, NotSignedIn, YagutsError
from yaguts.http.headers import SECURITY_HEADERS
from yaguts.http.refusals.errors import framework_headers, headers_of, status_of
from yaguts.http.watching.request_id import request_id
from yaguts.translations import CATALOGUES, translated
from yaguts.translations.pages import explain_on_page
from yaguts.web.live import EVENTS, SIGNED_OUT, refusal, refused
from yaguts.web.rendering import render
from yaguts.web.resending import already_sent, ask_to_sign_in
from yaguts.web.static_files import home
from yaguts.web.visit import PAGE_HEADERS, language_of_request


def add_error_pages(pages: FastAPI) -> None:
    """Show every error as a page. A visitor who is not signed in is sent to the sign-in page."""
    pages.add_exception_handler(YagutsError, _known)
    pages.add_exception_handler(RequestValidationError, _malformed)
    pages.add_exception_handler(HTTPException, _from_framework)
    pages.add_exception_handler(Exception, _unforeseen)


def refusal_page(scope: Scope, status: int, code: str) -> Response:
    """The page for a request that was refused before a route was called."""
    request = Request(scope)
    return _page(request, status, translated(code, language_of_request(request)))


def with_headers(page: Response, error: YagutsError) -> Response:
    """The page about the error, with what a program is to do, such as when to come again."""
    page.headers.update(headers_of(error) or {})
    return page


def local(path: str) -> str:
    """The path if it leads to one of our pages, or else the home page."""
    return path if path.startswith(home()) and "\\" not in path else home()


def local_or_blank(path: str) -> str:
    """The same, but "" for an empty path."""
    return local(path) if path else ""


async def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, YagutsError)
    if _follows(request):
        said = explain_on_page(error, language_of_request(request))
        return refused(SIGNED_OUT if isinstance(error, NotSignedIn) else refusal(said))
    if isinstance(error, NotSignedIn):
        return await ask_to_sign_in(request)
    if isinstance(error, AlreadySent):
        return await already_sent(request, error)
    said = explain_on_page(error, language_of_request(request))
    return with_headers(_page(request, status_of(error), said), error)


def _follows(request: Request) -> bool:
    """Whether a live page asks, which sees events and no status."""
    return EVENTS in request.headers.get("accept", "")


async def _malformed(request: Request, _error: Exception) -> Response:
    return _page(request, 400, translated("http.400", language_of_request(request)))


async def _from_framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    language, code = language_of_request(request), f"http.{error.status_code}"
    code = code if code in CATALOGUES[language] else "http.other"
    answer = _page(request, error.status_code, translated(code, language))
    answer.headers.update(framework_headers(request, error) or {})
    return answer


async def _unforeseen(request: Request, _error: Exception) -> Response:
    # The framework raises the error again after the answer, so the server logs it.
    answer = _page(request, 500, translated("http.500", language_of_request(request)))
    for name, value in SECURITY_HEADERS.items():
        answer.headers.setdefault(name, value)
    return answer


def _page(request: Request, status: int, explanation: str) -> HTMLResponse:
    language, now = language_of_request(request), request.app.state.site.clock()
    about = {"explanation": explanation, "request_id": request_id()}
    html = render("error.html", language, now, None, person=None, path="", here=home(), **about)
    return HTMLResponse(html, status, PAGE_HEADERS)
