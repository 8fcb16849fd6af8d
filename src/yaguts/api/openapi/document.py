"""The OpenAPI document: what FastAPI reads off the calls, and what all calls have in common.

A call declares what is its own (`responses=refusals(...)`). What follows from its kind, such as
that a change from another web site is refused, is added here, and so are the examples, the meaning
of the wire's words and the sentences about answers.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from yaguts.api.openapi.examples import EXAMPLES
from yaguts.api.openapi.field_meanings import GLOSSARY
from yaguts.api.openapi.refusals import Answers, add_refusal, add_refusals
from yaguts.domain.errors import NotSignedIn, OwnersOnly, Unavailable
from yaguts.http.access import OWNER
from yaguts.http.origin import SAFE_METHODS
from yaguts.http.problems import INVALID, JSON, Problem, WrongFields, as_problem
from yaguts.translations import sentence

Node = dict[str, Any]

TAGS = {
    "accounts": "Who somebody is. Signing in sets a cookie, which all calls of people need.",
    "household": "Who cooks in a kitchen, and how one comes to. Its owner alone configures.",
    "recipes": "What a kitchen cooks, in grams for all portions together.",
    "jars and motor": "What is in each jar, how fast it pours, and how the motor accompanies it.",
    "jobs": "A recipe ordered for so many people: planned into jars and seconds, and dispensed.",
    "upkeep": "Jobs without a recipe: a dose of one jar, a purge, a cleaning.",
    "calibration": "How fast a jar pours: runs onto a kitchen scale, and what they agree on.",
    "kept reports": "Reports whose job is not there: booked, or dropped, as the owner says.",
    "dispensers": "Linking a board to its owner, its signs of life, what the owner sees of it.",
    "jobs for dispensers": "How a dispenser fetches, starts and reports a job.",
    "server": "What answers here, whether it is well, what time it has.",
}
"""The order in which the document is read."""

_BAD_BODY = (
    (400, "request.not_json"),
    (400, "request.not_text"),
    (400, "request.too_deep"),
    (400, "request.bad_number"),
    (413, "request.too_large"),
    (415, "request.media_type"),
)
_REF = "#/components/schemas/"


class DocumentedApi(FastAPI):
    """An application whose OpenAPI document leaves nothing out."""

    def openapi(self) -> Node:
        """The document, made once."""
        if not self.openapi_schema:
            self.openapi_schema = complete(super().openapi())
        return self.openapi_schema


def operation_id(route: APIRoute) -> str:
    """`recipes_add`: the module of a call and its name there."""
    return f"{route.endpoint.__module__.rpartition('.')[2]}_{route.name}"


def complete(document: Node) -> Node:
    """The same document with all that the calls have in common."""
    schemas: Node = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):  # FastAPI's, which ours replace
        schemas.pop(name, None)
    for model in (Problem, WrongFields):
        schema = model.model_json_schema(ref_template=_REF + "{model}")
        schemas.update(schema.pop("$defs", {}))
        schemas[model.__name__] = schema
    for name, schema in schemas.items():
        _explain(name, schema)
    for methods in document["paths"].values():
        for method, operation in methods.items():
            _summarize(operation)
            _add_refusals(method.upper(), operation)
            _describe_successes(operation, schemas)
            _add_examples(operation, schemas)
    _share_examples(document)
    document["paths"] = dict(sorted(document["paths"].items(), key=_chapter))
    return document


def _chapter(path: tuple[str, Node]) -> int:
    """Where to read of it: what is asked most often is looked up first, and is not told first."""
    (tag,) = next(iter(path[1].values()))["tags"]
    return list(TAGS).index(tag)


def _explain(name: str, schema: Node) -> None:
    for word, described in schema.get("properties", {}).items():
        described.pop("title", None)
        if word in GLOSSARY:
            described.setdefault("description", GLOSSARY[word])
    if name in EXAMPLES:
        schema["examples"] = [EXAMPLES[name]]


def _summarize(operation: Node) -> None:
    """The first sentence of the docstring, which is the description."""
    text = operation.get("description", "").replace("\n", " ")
    operation["summary"] = text.partition(". ")[0].removesuffix(".")


def _add_refusals(method: str, operation: Node) -> None:
    answers: Answers = operation["responses"]
    security = operation.get("security", [{}])
    if {} not in security:
        add_refusals(answers, *(NotSignedIn(what=next(iter(scheme))) for scheme in security))
    if any(OWNER in roles for scheme in security for roles in scheme.values()):
        add_refusals(answers, OwnersOnly())
    if method not in SAFE_METHODS:
        _add(answers, 403, "request.origin")
    body = operation.get("requestBody", {}).get("content", {})
    for status, code in _BAD_BODY:  # also where none is asked for
        _add(answers, status, code)
    if body and JSON not in body:
        _add(answers, 400, "http.400")
    if body or operation.get("parameters"):
        answers.pop("422", None)  # FastAPI's own description
        problem = as_problem(422, INVALID, [EXAMPLES["WrongField"]])
        add_refusal(answers, 422, INVALID, problem, schema="WrongFields")
    _add(answers, 500, "http.500")
    add_refusals(answers, Unavailable())
    operation["responses"] = dict(sorted(answers.items(), key=str))


def _add(answers: Answers, status: int, code: str) -> None:
    add_refusal(answers, status, code, as_problem(status, code, sentence(code)))


def _describe_successes(operation: Node, schemas: Node) -> None:
    for answer in _successes(operation):
        if answer["description"] == "Successful Response":
            schema = answer.get("content", {}).get(JSON, {}).get("schema", {})
            described = _described(schema, schemas)
            answer["description"] = described or "Done; there is nothing more to say."


def _described(schema: Node, schemas: Node) -> str:
    if schema.get("type") == "array":
        return "A list. " + _described(schema["items"], schemas)
    name = schema.get("$ref", "").removeprefix(_REF)
    return schemas[name]["description"] if name else ""


def _add_examples(operation: Node, schemas: Node) -> None:
    for parameter in operation.get("parameters", []):
        parameter["schema"].pop("title", None)
        if parameter["name"] in GLOSSARY:
            parameter.setdefault("description", GLOSSARY[parameter["name"]])
    for part in [operation.get("requestBody", {}), *_successes(operation)]:
        for content in part.get("content", {}).values():
            example = _example(content.get("schema", {}), schemas)
            if example is not None:
                content.setdefault("example", example)


def _successes(operation: Node) -> list[Node]:
    return [answer for status, answer in operation["responses"].items() if status < "4"]


def _example(schema: Node, schemas: Node) -> object:
    """Put together from those of the schemas; None if there is none."""
    if "$ref" in schema:
        return next(iter(schemas[schema["$ref"].removeprefix(_REF)].get("examples", [])), None)
    if "anyOf" in schema:
        return _example(schema["anyOf"][0], schemas)
    if schema.get("type") == "array":
        example = _example(schema["items"], schemas)
        return None if example is None else [example]
    return None


def _share_examples(document: Node) -> None:
    """Each error is shown once, and referred to."""
    shared = document["components"].setdefault("examples", {})
    for methods in document["paths"].values():
        for operation in methods.values():
            for answer in operation["responses"].values():
                for content in answer.get("content", {}).values():
                    for code, example in content.get("examples", {}).items():
                        shared.setdefault(code, example)
                        content["examples"][code] = {"$ref": f"#/components/examples/{code}"}
