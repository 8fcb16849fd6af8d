"""The refusals of a call in the OpenAPI document: `responses=refusals(Busy())`."""

from string import Formatter
from typing import Any

from yaguts.api.openapi.examples import FIELDS
from yaguts.domain.errors import NotPlannable, YagutsError
from yaguts.http.refusals.errors import headers_of, status_of
from yaguts.http.refusals.problems import JSON, PROBLEM_JSON, as_problem, members_of
from yaguts.translations import CATALOGUES, code_of, explain

Answers = dict[int | str, dict[str, Any]]
"""The answers of a call by status, in the form of OpenAPI."""


def refusals(*errors: YagutsError) -> Answers:
    """Return the answers of a call that may fail with these errors.

    Fields that an error lacks are filled with examples.
    """
    return add_refusals({}, *errors)


def add_refusals(answers: Answers, *errors: YagutsError) -> Answers:
    """Add these errors to the answers of a call, and return the answers."""
    for error in map(_with_example_fields, errors):
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
    """Add one error code to the refusals with this status."""
    kind = {"schema": {"$ref": f"#/components/schemas/{schema}"}}
    content = {JSON: {**kind, "examples": {}}, PROBLEM_JSON: kind}
    answer = answers.setdefault(str(status), {"content": content})
    codes = answer["content"][JSON]["examples"]
    codes[code] = {"value": body}
    answer["description"] = "Refused: " + ", ".join(f"`{code}`" for code in codes)
    if headers:
        answer["headers"] = {name: {"schema": {"type": "string"}} for name in headers}


def _with_example_fields(error: YagutsError) -> YagutsError:
    if isinstance(error, NotPlannable):
        return error
    placeholders = {
        name for _, name, _, _ in Formatter().parse(CATALOGUES["pt_BR"][code_of(error)])
    }
    fields = {name: value for name, value in FIELDS.items() if name in placeholders}
    return type(error)(**{**fields, **error.fields})
