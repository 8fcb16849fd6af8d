"""The OpenAPI document: what FastAPI generates from the handlers, completed.

A handler declares only its own refusals (`responses=refusals(...)`). This module adds the refusals
that all calls of a kind have in common, such as that of a change from another web site. It also
adds the examples, the meanings of the fields and the descriptions of the answers.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from yaguts.api.openapi.any_body import TAKES_ANYTHING
from yaguts.api.openapi.examples import EXAMPLES
from yaguts.api.openapi.field_meanings import FIELD_MEANINGS
from yaguts.api.openapi.refusals import Answers, add_refusal, add_refusals
from yaguts.api.schemas.device import ReportIn, StatusIn
from yaguts.domain.errors import AccountDisabled, NotSignedIn, OwnersOnly, Unavailable
from yaguts.http.access import DISPENSER, OWNER
from yaguts.http.host import is_called_by_any_name
from yaguts.http.origin import SAFE_METHODS
from yaguts.http.refusals.problems import INVALID, JSON, Problem, WrongFields, as_problem
from yaguts.translations import translated

Node = dict[str, Any]

TAGS = {
    "accounts": "Accounts and sessions. Signing in sets a cookie, which all calls of people need.",
    "household": "The owner and the members of a kitchen, invitations, and the audit log. Only the "
    "owner configures.",
    "alerts": "Where a person's alerts go, what they are about, and when it is quiet.",
    "recipes": "The recipes of a kitchen, in grams for all portions together, and the catalogue.",
    "jars and motor": "The label, the rate and the stock of each jar, and the motor settings.",
    "jobs": "Orders of a recipe for a number of people: planned into doses and dispensed.",
    "maintenance": "Jobs without a recipe: a dose of one jar, a purge, a cleaning.",
    "calibration": "Finding a jar's rate from runs onto a kitchen scale.",
    "orphan reports": "Reports without a job to settle. The owner books or dismisses them.",
    "dispensers": "Pairing a board with a kitchen, its heartbeats, tokens and settings.",
    "firmware": "How a dispenser fetches a signed release of its firmware.",
    "jobs for dispensers": "How a dispenser fetches, accepts and reports a job.",
    "server": "The server's version, its health and its time.",
}
"""The tags, in the order of the document's paths."""

_BAD_BODY = (
    (400, "request.not_json"),
    (400, "request.not_text"),
    (400, "request.too_deep"),
    (400, "request.bad_number"),
    (413, "request.too_large"),
    (415, "request.media_type"),
    (415, "request.not_utf8"),
)
_REF = "#/components/schemas/"


class DocumentedApi(FastAPI):
    """A FastAPI application whose OpenAPI document is complete."""

    def openapi(self) -> Node:
        """Return the document, which is built once."""
        if not self.openapi_schema:
            self.openapi_schema = complete(super().openapi())
        return self.openapi_schema


def operation_id(route: APIRoute) -> str:
    """Return the module and the function of a handler, such as `recipes_add`."""
    return f"{route.endpoint.__module__.rpartition('.')[2]}_{route.name}"


def complete(document: Node) -> Node:
    """Add to a document what all calls have in common, and return it."""
    schemas: Node = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):  # WrongFields replaces them
        schemas.pop(name, None)
    for model in (Problem, WrongFields, ReportIn, StatusIn):
        schema = model.model_json_schema(ref_template=_REF + "{model}")
        schemas.update(schema.pop("$defs", {}))
        schemas[model.__name__] = schema
    for name, schema in schemas.items():
        _describe_schema(name, schema)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _set_summary(operation)
            _add_refusals(method.upper(), path, operation)
            _describe_successes(operation, schemas)
            _add_examples(operation, schemas)
    _share_examples(document)
    document["paths"] = dict(sorted(document["paths"].items(), key=_tag_position))
    return document


def _tag_position(path: tuple[str, Node]) -> int:
    """Return the position of a path's tag. FastAPI lists paths in the order of the routers."""
    (tag,) = next(iter(path[1].values()))["tags"]
    return list(TAGS).index(tag)


def _describe_schema(name: str, schema: Node) -> None:
    for word, described in schema.get("properties", {}).items():
        described.pop("title", None)
        if word in FIELD_MEANINGS:
            described.setdefault("description", FIELD_MEANINGS[word])
    if name in EXAMPLES:
        schema["examples"] = [EXAMPLES[name]]


def _set_summary(operation: Node) -> None:
    """Take the first sentence of the description, which is the handler's docstring."""
    text = operation.get("description", "").replace("\n", " ")
    operation["summary"] = text.partition(". ")[0].removesuffix(".")


def _add_refusals(method: str, path: str, operation: Node) -> None:
    answers: Answers = operation["responses"]
    security = operation.get("security", [{}])
    if {} not in security:
        add_refusals(answers, *(NotSignedIn(what=next(iter(scheme))) for scheme in security))
    if any(DISPENSER in scheme for scheme in security):
        add_refusals(answers, AccountDisabled(what=DISPENSER))
    if any(OWNER in roles for scheme in security for roles in scheme.values()):
        add_refusals(answers, OwnersOnly())
    if method not in SAFE_METHODS:
        _add(answers, 403, "request.origin")
    if not is_called_by_any_name(path):
        _add(answers, 421, "request.host")
    answers.pop("422", None)  # FastAPI's own description
    if operation.pop(TAKES_ANYTHING, False):
        _add(answers, 413, "request.too_large")
    else:
        _add_refusals_of_input(operation, answers)
    _add(answers, 500, "http.500")
    add_refusals(answers, Unavailable())
    operation["responses"] = dict(sorted(answers.items(), key=str))


def _add_refusals_of_input(operation: Node, answers: Answers) -> None:
    body = operation.get("requestBody", {}).get("content", {})
    for status, code in _BAD_BODY:  # a body is checked even if the call needs none
        _add(answers, status, code)
    if body and JSON not in body:
        _add(answers, 400, "http.400")
    if body or operation.get("parameters"):
        problem = as_problem(422, INVALID, [EXAMPLES["WrongField"]])
        add_refusal(answers, 422, INVALID, problem, schema="WrongFields")


def _add(answers: Answers, status: int, code: str) -> None:
    add_refusal(answers, status, code, as_problem(status, code, translated(code)))


def _describe_successes(operation: Node, schemas: Node) -> None:
    for answer in _successes(operation):
        if answer["description"] == "Successful Response":
            schema = answer.get("content", {}).get(JSON, {}).get("schema", {})
            described = _description_of(schema, schemas)
            answer["description"] = described or "Done."


def _description_of(schema: Node, schemas: Node) -> str:
    if schema.get("type") == "array":
        return "A list. " + _description_of(schema["items"], schemas)
    name = schema.get("$ref", "").removeprefix(_REF)
    return schemas[name]["description"] if name else ""


def _add_examples(operation: Node, schemas: Node) -> None:
    for parameter in operation.get("parameters", []):
        parameter["schema"].pop("title", None)
        if parameter["name"] in FIELD_MEANINGS:
            parameter.setdefault("description", FIELD_MEANINGS[parameter["name"]])
    for part in [operation.get("requestBody", {}), *_successes(operation)]:
        for content in part.get("content", {}).values():
            example = _example(content.get("schema", {}), schemas)
            if example is not None:
                content.setdefault("example", example)


def _successes(operation: Node) -> list[Node]:
    return [answer for status, answer in operation["responses"].items() if status < "4"]


def _example(schema: Node, schemas: Node) -> object:
    """Build an example from those of the schemas. None if there is none."""
    if "$ref" in schema:
        return next(iter(schemas[schema["$ref"].removeprefix(_REF)].get("examples", [])), None)
    if "anyOf" in schema:
        return _example(schema["anyOf"][0], schemas)
    if schema.get("type") == "array":
        example = _example(schema["items"], schemas)
        return None if example is None else [example]
    return None


def _share_examples(document: Node) -> None:
    """Move the example of each error to the components, and refer to it."""
    shared = document["components"].setdefault("examples", {})
    for methods in document["paths"].values():
        for operation in methods.values():
            for answer in operation["responses"].values():
                for content in answer.get("content", {}).values():
                    for code, example in content.get("examples", {}).items():
                        shared.setdefault(code, example)
                        content["examples"][code] = {"$ref": f"#/components/examples/{code}"}
