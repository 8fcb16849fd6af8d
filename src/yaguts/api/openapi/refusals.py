"""What a call may refuse, as the OpenAPI document tells it: `responses=refusals(Busy())`."""

from string import Formatter
from typing import Any

from yaguts.api.openapi.examples import FIELDS
from yaguts.domain.errors import NotPlannable, YagutsError
from yaguts.http.errors import headers_of, status_of
from yaguts.http.problems import JSON, PROBLEM_JSON, as_problem, members_of
from yaguts.translations import CATALOGUES, code_of, explain

Answers = dict[int | str, dict[str, Any]]
"""By status. The form is OpenAPI's."""


def refusals(*errors: YagutsError) -> Answers:
    """The answers of a call that may fail with these. Fields that an error lacks are made up."""
    return add_refusals({}, *errors)


def add_refusals(answers: Answers, *errors: YagutsError) -> Answers:
    """These as well."""
    for error in map(_filled, errors):
        status, code = status_of(error), code_of(error)
        body = as_problem(status, code, explain(error), members_of(error))
        add_refusal(answers, status, code, body, headers_of(error))
    return answers


def add_refusal(
    answers: Answers,
    status: int,
    code: str,
    body: dict[str, Any],
    headers: dict[str, str] | None = None,
    schema: str = "Problem",
) -> None:
    """One more reason for a refusal with this status."""
    kind = {"schema": {"$ref": f"#/components/schemas/{schema}"}}
    content = {JSON: {**kind, "examples": {}}, PROBLEM_JSON: kind}
    answer = answers.setdefault(str(status), {"content": content})
    codes = answer["content"][JSON]["examples"]
    codes[code] = {"value": body}
    answer["description"] = "Refused: " + ", ".join(f"`{one}`" for one in codes)
    if headers:
        answer["headers"] = {name: {"schema": {"type": "string"}} for name in headers}


def _filled(error: YagutsError) -> YagutsError:
    if isinstance(error, NotPlannable):
        return error
    gaps = {name for _, name, _, _ in Formatter().parse(CATALOGUES["pt_BR"][code_of(error)])}
    fields = {name: value for name, value in FIELDS.items() if name in gaps}
    return type(error)(**{**fields, **error.fields})
