"""An error as the wire has it: version 0.1's `detail`, and beside it the members of RFC 9457.

`type` ends in a stable code, for programs; `detail` is the sentence for people. What an error is
about stands beside them: the job in the way, the seconds to wait, each reason why not. It is plain
JSON, which is what version 0.1 expects, unless a caller asks for `application/problem+json`.
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
from yaguts.translations.planning_reasons import code_and_fields
from yaguts_wire import words as w

TYPE = "urn:yaguts:problem:"
INVALID = "invalid"
"""Fields that are missing or wrong: `detail` lists them."""
_TOLD = frozenset({"job_id", "jar", "spice", "order", "state", "wait_s", "problem"})
"""The fields of errors that are said beside the sentence; a name somebody typed is not."""
_UNITS = {"needed": "needed_mg", "present": "present_mg", "duration": "duration_ms"}


JSON = "application/json"
PROBLEM_JSON = "application/problem+json"


class _Members(Outbound):
    type: str = Field(pattern=f"^{TYPE}")
    title: str
    status: int = Field(ge=400, le=599)


class Problem(_Members):
    """What went wrong, for a person (`detail`) and for a program (`type`).

    What it is about stands beside: `job_id`, `wait_s`, `jar`, `spice`, or `reasons`, each with a
    `code` and amounts in milligrams.
    """

    detail: str


class WrongField(Outbound):
    """A field that is missing or wrong: `loc` leads to it, `msg` is a sentence."""

    type: str
    loc: list[str | int]
    msg: str


class WrongFields(_Members):
    """The same where fields are missing or wrong: `detail` lists them."""

    detail: list[WrongField]


class ProblemResponse(JSONResponse):
    """An answer that is called what the caller asked for."""

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
    """What is said of a request that went wrong."""
    title = code.replace("_", " ").replace(".", ": ")
    said = {"type": TYPE + code, "title": title, "status": status, w.DETAIL: detail}
    return {**(about or {}), **said}


def problem(
    status: int,
    code: str,
    detail: str | Sequence[object],
    headers: Mapping[str, str] | None = None,
    about: Mapping[str, object] | None = None,
) -> JSONResponse:
    """The answer to a request that went wrong."""
    return ProblemResponse(as_problem(status, code, detail, about), status, headers)


def problem_of(error: YagutsError, status: int, headers: Mapping[str, str] | None) -> JSONResponse:
    """The same for one of ours."""
    return problem(status, code_of(error), explain(error), headers, members_of(error))


def members_of(error: YagutsError) -> dict[str, object]:
    """What is said beside the sentence."""
    if isinstance(error, NotPlannable):
        reasons = cast("tuple[Obstacle, ...]", error.fields["reasons"])
        return {"reasons": [_reason(one) for one in reasons]}
    return {name: value for name, value in error.fields.items() if name in _TOLD}


def _reason(reason: Obstacle) -> dict[str, object]:
    """The reason's code and fields, with the units of the amounts in their names."""
    code = code_and_fields(reason, "en")[0].removeprefix("reason.")
    fields = {_UNITS.get(name, name): value for name, value in asdict(reason).items()}
    return {"code": code, **fields}
