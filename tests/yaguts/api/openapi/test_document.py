"""The OpenAPI document is complete. `documented.py` checks that each answer is in it."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pytest
from jsonschema_rs import validator_for

from tests.architecture.sources import ROOT
from tests.support.kitchen.documented import DOCUMENT
from tests.support.kitchen.household import Household
from tests.support.kitchen.openapi import OPERATIONS, Operation, named
from yaguts.api.openapi.document import TAGS
from yaguts.domain import errors
from yaguts.http.refusals.errors import status_of
from yaguts.translations import CATALOGUES

COMPONENTS = DOCUMENT["components"]
WITHOUT_BODY = {"204", "303"}
EXAMPLES_IN = "src/yaguts/api/openapi/examples.py"


def misfits(example: object, schema: dict[str, Any]) -> list[str]:
    """Return the errors of an example against its schema."""
    whole = validator_for({**schema, "components": COMPONENTS})
    return [error.message for error in whole.iter_errors(example)]


def bodies(operation: Operation) -> Iterator[dict[str, Any]]:
    """Yield the content of the request and of each successful answer."""
    parts = [operation.described.get("requestBody", {})]
    for status, answer in operation.described["responses"].items():
        if status < "4" and status not in WITHOUT_BODY:
            assert "content" in answer, f"{named(operation)}: what does {status} answer with?"
            parts.append(answer)
    for part in parts:
        yield from part.get("content", {}).values()


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_every_call_says_what_it_does(operation: Operation) -> None:
    said = operation.described

    assert said["description"].strip().endswith("."), "its handler needs a docstring"
    assert 0 < len(said["summary"]) <= 80, "its docstring needs a shorter first sentence"
    assert len(said["tags"]) == 1


def test_calls_are_read_in_the_order_of_their_tags() -> None:
    order = [tag for tag, _ in groupby(one.described["tags"][0] for one in OPERATIONS)]

    assert order == list(TAGS), "sort the calls as TAGS has them (document.py)"
    assert [tag["name"] for tag in DOCUMENT["tags"]] == list(TAGS)


def test_no_two_calls_have_one_id() -> None:
    ids = [one.described["operationId"] for one in OPERATIONS]

    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_every_body_has_an_example_that_fits_its_schema(operation: Operation) -> None:
    for content in bodies(operation):
        assert "example" in content, f"give {content['schema']} one in {EXAMPLES_IN}"
        assert misfits(content["example"], content["schema"]) == [], f"see {EXAMPLES_IN}"


@pytest.mark.parametrize("name", COMPONENTS["schemas"])
def test_every_schema_is_explained(name: str) -> None:
    schema = COMPONENTS["schemas"][name]
    words = schema.get("properties", {})

    assert schema.get("description"), f"{name} needs a docstring"
    assert [word for word in words if not words[word].get("description")] == [], (
        f"say in src/yaguts/api/openapi/field_meanings.py what they mean in {name}"
    )
    assert [misfits(example, schema) for example in schema.get("examples", [])] in ([], [[]])


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_every_parameter_is_explained(operation: Operation) -> None:
    parameters = operation.described.get("parameters", [])

    assert [one["name"] for one in parameters if not one.get("description")] == [], (
        "say in src/yaguts/api/openapi/field_meanings.py what they mean"
    )


@pytest.mark.parametrize("code", COMPONENTS["examples"])
def test_every_error_shown_fits_its_schema(code: str) -> None:
    schema = "WrongFields" if code == "invalid" else "Problem"
    shown = COMPONENTS["examples"][code]["value"]

    assert misfits(shown, {"$ref": f"#/components/schemas/{schema}"}) == []
    assert shown["type"] == f"urn:yaguts:problem:{code}"


def test_the_page_on_the_wire_lists_every_error() -> None:
    page = (ROOT / "docs/wire.md").read_text("utf-8")
    listed = re.findall(r"^\| `([a-z0-9_.]+)` \| (\d{3}) \|", page, re.MULTILINE)
    shown = {code: one["value"]["status"] for code, one in COMPONENTS["examples"].items()}

    assert sorted(listed) == sorted({(code, str(status)) for code, status in every_error()})
    assert shown.items() <= {code: int(status) for code, status in listed}.items()


def every_error() -> Iterator[tuple[str, int]]:
    """Yield the code and the status of every error."""
    for kind in descendants(errors.YagutsError):
        if kind not in (errors.Refused, errors.Conflict):
            error = kind([]) if kind is errors.NotPlannable else kind()
            yield kind.code, status_of(error)
            for code in CATALOGUES["en"]:
                if code.startswith(f"{kind.code}."):
                    yield code, status_of(error)
    yield from HTTP_ERRORS


HTTP_ERRORS = {
    ("invalid", 422),
    ("request.origin", 403),
    ("request.host", 421),
    ("request.too_large", 413),
    ("request.not_json", 400),
    ("request.not_text", 400),
    ("request.too_deep", 400),
    ("request.bad_number", 400),
    ("request.media_type", 415),
    ("request.not_utf8", 415),
    ("http.400", 400),
    ("http.404", 404),
    ("http.405", 405),
    ("http.500", 500),
}
"""The errors that come before a service is called. `http.other` has no fixed status."""


def descendants(kind: type[errors.YagutsError]) -> Iterator[type[errors.YagutsError]]:
    for child in kind.__subclasses__():
        yield child
        yield from descendants(child)


def test_who_asks_for_problem_json_gets_it_and_nobody_else(home: Household) -> None:
    anybody = home.browser()

    plain = anybody.get("/auth/me")
    asked = anybody.get("/auth/me", headers={"Accept": "application/problem+json"})

    assert plain.headers["Content-Type"] == "application/json"
    assert asked.headers["Content-Type"] == "application/problem+json"
    assert asked.json() == plain.json()


def test_a_wrong_method_is_told_all_that_would_be_right(home: Household) -> None:
    anybody = home.browser()

    for path, right in {
        "/receitas/7": "DELETE, GET, PUT, HEAD",
        "/receitas/form": "POST",
        "/devices/claim": "POST",
        "/config/robo": "GET, PUT, HEAD",
        "/devices/me/next_job": "GET",
        "/app/sign-in": "GET, POST, HEAD",
    }.items():
        answer = anybody.patch(path)
        assert answer.status_code == 405
        assert answer.headers["Allow"] == right
