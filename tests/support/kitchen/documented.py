"""Every answer of the API that any test gets to see must stand in the OpenAPI document."""

import re
from functools import lru_cache
from typing import Any

from httpx import Response

from yaguts.app import create_app
from yaguts.settings import Settings

DOCUMENT = create_app(Settings("sqlite://")).openapi()
_PATHS = [
    (re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), methods)
    for path, methods in DOCUMENT["paths"].items()
]
_TYPE = "urn:yaguts:problem:"


def insist_on_documented(answer: Response) -> None:
    """A hook for test clients."""
    request = answer.request
    operation = _operation(request.method.lower(), request.url.path)
    if operation is None:
        return
    answer.read()
    if _code(answer) == "http.404":
        return  # an id that is none is no address
    told = operation["responses"].get(str(answer.status_code))
    code = _code(answer)
    assert told is not None, (
        f"{operation['operationId']} answered {answer.status_code} {code}, which its part of the"
        " OpenAPI document does not list: add the error to responses=refusals(...) of the call"
    )
    codes = told.get("content", {}).get("application/json", {}).get("examples", {})
    assert not code or code in codes, (
        f"{operation['operationId']} refused with {code}, and its part of the OpenAPI document"
        f" lists only {list(codes)}: add the error to responses=refusals(...) of the call"
    )


@lru_cache(maxsize=10_000)
def _operation(method: str, path: str) -> dict[str, Any] | None:
    """As the router finds it: the first that matches."""
    matching = (methods for pattern, methods in _PATHS if pattern.fullmatch(path))
    return next((methods[method] for methods in matching if method in methods), None)


def _code(answer: Response) -> str:
    if answer.status_code < 400:
        return ""
    return answer.json()["type"].removeprefix(_TYPE)
