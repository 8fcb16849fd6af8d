"""An error on the wire: version 0.1's `detail`, and the members of RFC 9457.

`type` ends in a stable code for programs; `detail` is a text for people. The facts of the error are
further members, such as the job that is in the way, the seconds to wait, or the obstacles. The
media type is `application/json`, which version 0.1 expects, unless a caller accepts
`application/problem+json`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import cast

from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from yaguts.domain.errors import NotPlannable, YagutsError
from yaguts.domain.jobs.planning import Obstacle
from yaguts.http.fields import Outbound
from yaguts.translations import code_of, explain
from yaguts.translations.obstacles import code_and_fields
from yaguts_wire import words as w

TYPE = "urn:yaguts:problem:"
INVALID = "invalid"
"""The code for missing or wrong fields, which `detail` lists."""
_MEMBER_FIELDS = frozenset({"job_id", "jar", "spice", "order", "state", "wait_s", "problem"})
"""The fields of errors that become members. Names that somebody typed do not."""
_UNITS = {"needed": "needed_mg", "present": "present_mg", "duration": "duration_ms"}


JSON = "application/json"
PROBLEM_JSON = "application/problem+json"


class _Members(Outbound):
    type: str = Field(pattern=f"^{TYPE}")
    title: str
    status: int = Field(ge=400, le=599)


class Problem(_Members):
    """An error, for people (`detail`) and for programs (`type`).

    Its facts are further members: `job_id`, `wait_s`, `jar`, `spice`, or `reasons`, each with a
    `code` and amounts in milligrams.
    """

    detail: str


class WrongField(Outbound):
    """A missing or wrong field. `loc` is the path to it, `msg` a text for people."""

    type: str
    loc: list[str | int]
    msg: str


class WrongFields(_Members):
    """The error for missing or wrong fields, which `detail` lists."""

    detail: list[WrongField]


class ProblemResponse(JSONResponse):
    """An answer with the media type that the caller accepts."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if PROBLEM_JSON in Headers(scope=scope).get("accept", ""):
            self.headers["content-type"] = PROBLEM_JSON
        await super().__call__(scope, receive, send)


def as_problem(
    status: int,
    code: str,
    detail: str | Sequence[object],
    about: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """Return the body of the answer to a request that failed."""
    title = code.replace("_", " ").replace(".", ": ")
    members = {"type": TYPE + code, "title": title, "status": status, w.DETAIL: detail}
    return {**(about or {}), **members}


def problem(
    status: int,
    code: str,
    detail: str | Sequence[object],
    headers: Mapping[str, str] | None = None,
    about: Mapping[str, object] | None = None,
) -> JSONResponse:
    """Return the answer to a request that failed."""
    return ProblemResponse(as_problem(status, code, detail, about), status, headers)


def problem_of(error: YagutsError, status: int, headers: Mapping[str, str] | None) -> JSONResponse:
    """Return the answer for an error of `domain/errors.py`."""
    return problem(status, code_of(error), explain(error), headers, members_of(error))


def members_of(error: YagutsError) -> dict[str, object]:
    """Return the facts of an error, which become further members."""
    if isinstance(error, NotPlannable):
        obstacles = cast("tuple[Obstacle, ...]", error.fields["reasons"])
        return {"reasons": [_reason(obstacle) for obstacle in obstacles]}
    return {name: value for name, value in error.fields.items() if name in _MEMBER_FIELDS}


def _reason(obstacle: Obstacle) -> dict[str, object]:
    """Return the obstacle's code and fields, with units in the names of the amounts."""
    code = code_and_fields(obstacle, "en")[0].removeprefix("reason.")
    fields = {_UNITS.get(name, name): value for name, value in asdict(obstacle).items()}
    return {"code": code, **fields}
