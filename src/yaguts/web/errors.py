"""Errors as pages: what is wrong, and the way back."""

from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Scope

from yaguts.domain.errors import NotSignedIn, YagutsError
from yaguts.http.errors import framework_headers, status_of
from yaguts.http.headers import SECURITY_HEADERS
from yaguts.translations import CATALOGUES, explain, translated
from yaguts.web.rendering import render
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


def local(path: str) -> str:
    """The path if it leads to one of our pages, or else the home page."""
    return path if path.startswith(home()) and "\\" not in path else home()


def local_or_blank(path: str) -> str:
    """The same, but "" for an empty path."""
    return local(path) if path else ""


async def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, YagutsError)
    if isinstance(error, NotSignedIn):
        return _ask_to_sign_in(request)
    return _page(request, status_of(error), explain(error, language_of_request(request)))


def _ask_to_sign_in(request: Request) -> Response:
    wanted = {"next": request.url.path} if request.method == "GET" else {}
    return RedirectResponse(f"{home()}sign-in?{urlencode(wanted)}".rstrip("?"), 303)


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
    html = render(
        "error.html", language, now, person=None, path="", here=home(), explanation=explanation
    )
    return HTMLResponse(html, status, PAGE_HEADERS)
