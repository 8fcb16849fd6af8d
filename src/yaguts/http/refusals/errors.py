"""Converts errors to status codes and texts. Nothing else does."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match

from yaguts.domain.errors import (
    AccountDisabled,
    AlreadySent,
    BeyondTheEnd,
    Changed,
    Conflict,
    NotFound,
    NotSignedIn,
    NotYours,
    Overloaded,
    OwnersOnly,
    Refused,
    RegistrationClosed,
    TooManyAttempts,
    TooManyLive,
    Unavailable,
    YagutsError,
)
from yaguts.http.head import takes_head
from yaguts.http.headers import SECURITY_HEADERS
from yaguts.http.refusals.field_errors import field_errors
from yaguts.http.refusals.problems import INVALID, problem, problem_of
from yaguts.translations import CATALOGUES, translated

_STATUS: Mapping[type[YagutsError], HTTPStatus] = {
    NotSignedIn: HTTPStatus.UNAUTHORIZED,
    NotYours: HTTPStatus.FORBIDDEN,
    AccountDisabled: HTTPStatus.FORBIDDEN,
    OwnersOnly: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    RegistrationClosed: HTTPStatus.FORBIDDEN,
    BeyondTheEnd: HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
    Refused: HTTPStatus.BAD_REQUEST,
    Conflict: HTTPStatus.CONFLICT,
    AlreadySent: HTTPStatus.CONFLICT,
    Changed: HTTPStatus.CONFLICT,
    TooManyAttempts: HTTPStatus.TOO_MANY_REQUESTS,
    TooManyLive: HTTPStatus.TOO_MANY_REQUESTS,
    Overloaded: HTTPStatus.SERVICE_UNAVAILABLE,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}


def add_error_handlers(app: FastAPI) -> None:
    """Answer every error with a text. Unexpected errors are logged too."""
    app.add_exception_handler(YagutsError, _yaguts_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _framework_error)
    app.add_exception_handler(Exception, _unexpected_error)


def status_of(error: YagutsError) -> HTTPStatus:
    """Return the status code of the error's class, or that of its nearest base class."""
    return next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)


def refusal(status: int, code: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return the answer for an error code that has no class in `domain/errors.py`."""
    return problem(status, code, translated(code), headers)


async def _yaguts_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, YagutsError)
    return problem_of(error, status_of(error), headers_of(error))


def headers_of(error: YagutsError) -> dict[str, str] | None:
    """Return the headers that tell a program what to do about the error."""
    if isinstance(error, (TooManyAttempts, TooManyLive, Overloaded)):
        return {"Retry-After": str(error.fields["wait_s"])}
    if isinstance(error, NotSignedIn) and error.fields.get("what") == "dispenser":
        return {"WWW-Authenticate": "Bearer"}
    return None


async def _invalid_request(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return problem(422, INVALID, field_errors(error.errors()))


async def _framework_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = f"http.{error.status_code}"
    code = code if code in CATALOGUES["pt_BR"] else "http.other"
    return refusal(error.status_code, code, framework_headers(request, error))


def framework_headers(request: Request, error: HTTPException) -> Mapping[str, str] | None:
    """Return the headers of the framework's error, with every method that the address takes."""
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return {"Allow": ", ".join(_allowed(request))}
    return error.headers


def _allowed(request: Request) -> list[str]:
    """Return the methods of an address. The framework knows those of one handler only."""
    routes = cast("list[BaseRoute]", request.app.router.routes)
    methods = [
        method
        for method in ("DELETE", "GET", "POST", "PUT")
        for scope in [{**request.scope, "method": method}]
        if any(route.matches(scope)[0] == Match.FULL for route in routes)
    ]
    return [*methods, "HEAD"] if "GET" in methods and takes_head(request.scope) else methods


async def _unexpected_error(_request: Request, _error: Exception) -> JSONResponse:
    # The framework raises the error again after this answer, and so the server logs it.
    return refusal(500, "http.500", SECURITY_HEADERS)
