"""Invalid input to every call of the OpenAPI document: a 4xx with a text, and no change."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.belongings import Neighbours, unchanged
from tests.support.kitchen.household import Household
from tests.support.kitchen.openapi import OPERATIONS as ALL
from tests.support.kitchen.openapi import (
    Operation,
    an_example,
    kind_of,
    named,
    resolved,
)

# A report is answered 200 whatever it says: see api/test_any_report.py.
OPERATIONS = [one for one in ALL if not one.path.endswith(("/complete", "/status"))]
JSON = {"Content-Type": "application/json"}

NO_JSON = [
    b"{",
    b"\xff\xfe\x00",
    b'{"nome": "\xc3"}',
    b'"\\ud800"',
    b"NaN",
    b"[Infinity]",
    b'{"frasco": -Infinity}',
    b"1e999",
    b"1" * 5000,
    b"-99999999999999999999",
    b"[" * 60_000,
    b'{"a":' * 5000 + b"1" + b"}" * 5000,
    b" " * 10_000_000,
]
LITERALS = ["NaN", "Infinity", "-Infinity", "1e400", "9" * 5000, "[" * 20 + "]" * 20, '"\\udc00"']
WRONG: dict[str, list[Any]] = {
    "boolean": ["x", "", [], {}, 7],
    "integer": ["x", "", [], {}, 1e308, -1e308, -1, 10**18, 1.5, True, "nan", "1" * 5000],
    "number": ["x", "", [], {}, 1e308, -1e308, True, "inf", "-inf", "nan"],
    "string": [[], {}, 7, True],
    "array": ["x", {}, 7, [None], [[]], ["x"], [7] * 100],
    "object": ["x", [], 7, True],
}
WRONG_IN_URL = ["x", "-1", "0", "1.5", "nan", "inf", "1e309", "9" * 30, "1" * 5000, "%ff", "%00"]


@pytest.fixture(scope="module")
def home(neighbours: Neighbours) -> Household:
    return neighbours.home


@pytest.fixture(scope="module")
def everybody(neighbours: Neighbours) -> TestClient:
    """Ana's session with her board's token: one client for all calls."""
    neighbours.ana.headers["Authorization"] = neighbours.board_of_ana.headers["Authorization"]
    return neighbours.ana


def assert_refused(answer: Any, what: object) -> None:
    assert 400 <= answer.status_code < 500, (answer.status_code, what)
    detail = answer.json()["detail"]
    texts = [field["msg"] for field in detail] if isinstance(detail, list) else [detail]
    assert texts, what
    for text in texts:
        assert text[-1] in ".”", (text, what)
        assert "Traceback" not in text
    assert len(answer.content) < 4096, what


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_bodies_that_are_no_json(
    home: Household, everybody: TestClient, operation: Operation
) -> None:
    with unchanged(home):
        for body in NO_JSON:
            answer = everybody.request(
                operation.method, operation.url(), content=body, headers=JSON
            )
            assert_refused(answer, body[:40])


@pytest.mark.parametrize(
    "operation", [one for one in OPERATIONS if one.body() is not None], ids=named
)
def test_fields_that_are_wrong(
    home: Household, everybody: TestClient, operation: Operation
) -> None:
    with unchanged(home):
        for text in wrong_bodies(operation.body() or {}):
            answer = everybody.request(
                operation.method, operation.url(), content=text.encode(), headers=JSON
            )
            assert_refused(answer, text[:200])


@pytest.mark.parametrize(
    "operation", [one for one in OPERATIONS if one.parameters("path")], ids=named
)
def test_ids_that_are_none(home: Household, everybody: TestClient, operation: Operation) -> None:
    body = operation.body()
    content = b"" if body is None else json.dumps(an_example(body)).encode()

    with unchanged(home):
        for value in [*WRONG_IN_URL, 2**31 - 1, 2**31, 2**63]:
            answer = everybody.request(
                operation.method, operation.url(value), content=content, headers=JSON
            )
            assert_refused(answer, value)


@pytest.mark.parametrize(
    "operation", [one for one in OPERATIONS if one.parameters("query")], ids=named
)
def test_queries_that_are_wrong(
    home: Household, everybody: TestClient, operation: Operation
) -> None:
    with unchanged(home):
        for name, schema in operation.parameters("query").items():
            numeric = kind_of(schema) in ("integer", "number")
            for value in WRONG_IN_URL:
                if numeric and value in ("0", "1.5"):
                    continue  # some calls accept it
                answer = everybody.request(operation.method, f"{operation.url()}?{name}={value}")
                assert answer.status_code < 500, (name, value)
                if numeric:
                    assert_refused(answer, (name, value))


def test_a_form_of_bytes(home: Household, everybody: TestClient) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    parts = {"Content-Type": "multipart/form-data; boundary=b"}

    with unchanged(home):
        for headers, body in [
            (form, b"nome=\xff"),
            (form, b"nome=%ff&tempero1=Sal&quantidade1=1"),
            (form, b"nome=x&tempero1=Sal&quantidade1=NaN"),
            (form, b"&".join([b"a=1"] * 15_000)),
            (parts, b"\xff\xfe"),
            (parts, b'--b\r\nContent-Disposition: form-data; name="nome"\r\n\r\n\xff\r\n--b--'),
            ({"Content-Type": "multipart/form-data"}, b"nome=x"),
        ]:
            answer = everybody.post("/receitas/form", content=body, headers=headers)
            assert_refused(answer, body[:40])


@pytest.mark.parametrize("name", ["Authorization", "Cookie", "Origin", "Host", "Yaguts-Holding"])
@pytest.mark.parametrize(
    "value", [b"\xff", b"Bearer \xff\xfe", b"yaguts_session=\xff", b"[", b"x" * 5000, b""]
)
def test_headers_that_are_wrong(everybody: TestClient, name: str, value: bytes) -> None:
    headers = [(name.encode(), value)]

    for method, path in [("GET", "/auth/me"), ("GET", "/devices/me/next_job"), ("PUT", "/jobs")]:
        assert everybody.request(method, path, headers=headers).status_code < 500


@pytest.mark.parametrize("name", ["Referer", "Host", "Cookie", "Accept-Language"])
def test_headers_that_are_wrong_on_pages(home: Household, name: str) -> None:
    browser = home.signed_in("Bia")
    values = (b"\xff", b"http://[::1", b"127.0.0.1:99999999", b"localhost:x", b"[", b"x" * 5000)

    for path in ("/app/", "/app/settings", "/app/dispensers/pair"):
        for value in values:
            answer = browser.get(path, headers=[(name.encode(), value)])
            assert answer.status_code < 500, (path, value)


def wrong_bodies(schema: dict[str, Any]) -> Iterator[str]:
    """Yield the example with each field in turn replaced by invalid values."""
    example = an_example(schema)
    if isinstance(example, list):
        yield from (f"[{text}]" for text in wrong_bodies(resolved(schema)["items"]))
        return
    for name, field in resolved(schema).get("properties", {}).items():
        yield from (with_literal(example, name, literal) for literal in LITERALS)
        yield from (json.dumps(example | {name: wrong}) for wrong in wrong_values(field))
        if "maxLength" in resolved(field):
            yield json.dumps(example | {name: "x" * (resolved(field)["maxLength"] + 1)})


def wrong_values(field: dict[str, Any]) -> list[Any]:
    """What is invalid for the field. A list of texts is none where texts are listed."""
    of_texts = kind_of(field) == "array" and kind_of(resolved(field)["items"]) == "string"
    return [wrong for wrong in WRONG[kind_of(field)] if not (of_texts and wrong == ["x"])]


def with_literal(example: dict[str, Any], name: str, literal: str) -> str:
    return json.dumps(example | {name: "@@"}).replace('"@@"', literal)
