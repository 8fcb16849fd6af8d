"""An error as the wire has it: version 0.1's `detail`, and beside it the members of RFC 9457.

`type` ends in a stable code, for programs; `detail` is the sentence for people. What an error is
about stands beside them: the job in the way, the seconds to wait, each reason why not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, cast

from fastapi.responses import JSONResponse

from yaguts.api.fields import Outbound
from yaguts.domain.errors import NotPlannable, YagutsError
from yaguts.domain.planning import Reason
from yaguts.sentences import code_of, explain
from yaguts.sentences.reasons import code_and_fields
from yaguts_wire import words as w

TYPE = "urn:yaguts:problem:"
INVALID = "invalid"
"""Fields that are missing or wrong: `detail` lists them."""
_TOLD = frozenset({"job_id", "jar", "spice", "order", "state", "wait_s", "problem"})
"""The fields of errors that are said beside the sentence; a name somebody typed is not."""
_UNITS = {"needed": "needed_mg", "present": "present_mg", "duration": "duration_ms"}


class Problem(Outbound):
    """What went wrong, for a person and for a program."""

    type: str
    title: str
    status: int
    detail: str | list[dict[str, Any]]


def problem(
    status: int,
    code: str,
    detail: str | Sequence[object],
    headers: Mapping[str, str] | None = None,
    about: Mapping[str, object] | None = None,
) -> JSONResponse:
    """The answer to a request that went wrong."""
    title = code.replace("_", " ").replace(".", ": ")
    said = {"type": TYPE + code, "title": title, "status": status, w.DETAIL: detail}
    return JSONResponse({**(about or {}), **said}, status, headers)


def problem_of(error: YagutsError, status: int, headers: Mapping[str, str] | None) -> JSONResponse:
    """The same for one of ours."""
    return problem(status, code_of(error), explain(error), headers, _about(error))


def _about(error: YagutsError) -> dict[str, object]:
    if isinstance(error, NotPlannable):
        reasons = cast("tuple[Reason, ...]", error.fields["reasons"])
        return {"reasons": [_reason(one) for one in reasons]}
    return {name: value for name, value in error.fields.items() if name in _TOLD}


def _reason(reason: Reason) -> dict[str, object]:
    """The reason's code and fields, with the units of the amounts in their names."""
    code = code_and_fields(reason, "en")[0].removeprefix("reason.")
    fields = {_UNITS.get(name, name): value for name, value in asdict(reason).items()}
    return {"code": code, **fields}
