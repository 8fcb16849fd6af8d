"""Unusable bodies are refused before a handler sees them."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import update
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from tests.support.kitchen.household import Household
from yaguts.http.bodies import LARGE_AT_ONCE, LARGEST, Allowed, BodyCheck
from yaguts.http.json_text import DEEPEST
from yaguts.storage.tables import people

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def anybody(home: Household) -> TestClient:
    return home.browser()


def in_chunks(size: int) -> Iterator[bytes]:
    for _ in range(size // 1024):
        yield b" " * 1024


def nested(levels: int) -> bytes:
    return b'{"nome": ' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        (b"{", 400, "não é um JSON"),
        (b"{}{}", 400, "não é um JSON"),
        (b'{"nome": "\xff"}', 400, "UTF-8"),
        (b'{"nome": "\\ud800"}', 400, "UTF-8"),
        (b'{"\\ud800": 1}', 400, "UTF-8"),
        (b'{"nome": NaN}', 400, "número"),
        (b'{"nome": [Infinity]}', 400, "número"),
        (b'{"nome": -Infinity}', 400, "número"),
        (b'{"nome": 1e999}', 400, "número"),
        (b'{"nome": ' + b"1" * 5000 + b"}", 400, "número"),
        (b'{"nome": 9223372036854775808}', 400, "número"),
        (nested(DEEPEST + 1), 400, "níveis"),
        (nested(30_000), 400, "níveis"),
        (b" " * (LARGEST + 1), 413, "grande"),
        (b" " * 10_000_000, 413, "grande"),
        (b"null", 422, ""),
        (b"[]", 422, ""),
        (b'"text"', 422, ""),
        (b'{"nome": 9223372036854775807}', 422, ""),
        (nested(DEEPEST), 422, ""),
        (b"", 422, ""),
    ],
)
def test_what_is_no_message(anybody: TestClient, body: bytes, status: int, sentence: str) -> None:
    answer = anybody.post("/auth/register", content=body, headers=JSON)

    assert answer.status_code == status
    assert sentence in str(answer.json()["detail"])


def test_a_size_that_was_not_announced(anybody: TestClient) -> None:
    body = in_chunks(LARGEST * 2)

    assert anybody.post("/auth/register", content=body, headers=JSON).status_code == 413


def test_a_large_body_with_a_call_that_takes_none(anybody: TestClient) -> None:
    assert anybody.request("GET", "/time", content=b" " * (LARGEST + 1)).status_code == 413


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "image/png", "nonsense"])
def test_other_kinds_of_content(anybody: TestClient, kind: str) -> None:
    body = b'{"nome": "Ana", "senha": "canela em pau 42"}'

    answer = anybody.post("/auth/register", content=body, headers={"Content-Type": kind})

    assert answer.status_code == 415
    assert "JSON" in answer.json()["detail"]


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "application/merge+json", ""])
def test_json_by_any_name_and_by_none(anybody: TestClient, kind: str) -> None:
    body = b'{"nome": "Ana", "senha": "canela em pau 42"}'

    answer = anybody.post("/auth/register", content=body, headers={"Content-Type": kind})

    assert answer.status_code == 201


@pytest.mark.parametrize("charset", ["punycode", "undefined", "idna", "utf_7", "x-1", "latin-1"])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/json"])
@pytest.mark.parametrize("path", ["/auth/register", "/app/sign-in"])
def test_the_sender_does_not_choose_the_decoder(
    anybody: TestClient, charset: str, kind: str, path: str
) -> None:
    headers = {"Content-Type": f'{kind}; charset="{charset}"'}

    answer = anybody.post(path, content=b"{}", headers=headers)

    assert answer.status_code == 415
    assert "UTF-8" in answer.text


def test_a_form_where_json_belongs(anybody: TestClient) -> None:
    assert anybody.post("/auth/register", data={"nome": "Ana"}).status_code == 422


def test_fields_are_named_and_never_repeated(anybody: TestClient) -> None:
    secret = "curta"

    answer = anybody.post("/auth/register", json={"nome": "", "senha": secret})

    assert answer.json() == {
        "type": "urn:yaguts:problem:invalid",
        "title": "invalid",
        "status": 422,
        "detail": [
            {
                "type": "string_too_short",
                "loc": ["body", "nome"],
                "msg": "Este campo não pode ficar vazio.",
            },
            {
                "type": "string_too_short",
                "loc": ["body", "senha"],
                "msg": "O texto deve ter pelo menos 8 caracteres.",
            },
        ],
    }
    assert secret not in answer.text


def test_an_unforeseen_error_says_nothing_about_the_inside(home: Household) -> None:
    home.person("Ana")
    with home.site.database.write() as connection:
        connection.execute(update(people).values(password_hash="$argon2id$no hash at all"))

    answer = home.browser().post("/auth/login", json={"nome": "Ana", "senha": "x"})

    assert answer.status_code == 500
    assert answer.json() == {
        "type": "urn:yaguts:problem:http.500",
        "title": "http: 500",
        "status": 500,
        "detail": "Algo deu errado no servidor. Tente de novo em instantes.",
    }
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_few_long_bodies_are_in_memory_at_a_time() -> None:
    """While as many as fit are looked at, another long one is refused and a short one is not.

    A sender has one place: more of the same sender shut nobody else out.
    """
    leave = asyncio.Event()
    answers: list[int] = []

    async def looks(_scope: Scope, _receive: Receive, send: Send) -> None:
        await leave.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def any_size(scope: Scope) -> Allowed:
        return Allowed(10 * LARGEST, scope["sender"])

    def refuse(_scope: Scope, status: int, _code: str) -> PlainTextResponse:
        return PlainTextResponse("", status)

    check = BodyCheck(looks, refuse, lambda _: True, any_size)

    async def send_body(size: int, sender: str) -> None:
        async def receive() -> Message:
            return {"type": "http.request", "body": b" " * size, "more_body": False}

        async def answered(message: Message) -> None:
            if message["type"] == "http.response.start":
                answers.append(message["status"])

        headers = [(b"content-length", str(size).encode())]
        scope: dict[str, Any] = {"type": "http", "headers": headers, "sender": sender}
        await check(scope, receive, answered)

    async def crowd() -> None:
        held = [asyncio.create_task(send_body(LARGEST + 1, "0"))]
        await asyncio.sleep(0)
        await send_body(LARGEST + 1, "0")
        assert answers == [503]
        others = (send_body(LARGEST + 1, str(n)) for n in range(1, LARGE_AT_ONCE))
        held.extend(asyncio.create_task(one) for one in others)
        await asyncio.sleep(0)
        short = asyncio.create_task(send_body(LARGEST, "0"))
        await send_body(LARGEST + 1, "another")
        assert answers == [503, 503]
        leave.set()
        await asyncio.gather(*held, short)
        await send_body(LARGEST + 1, "0")

    asyncio.run(crowd())
    assert answers == [503, 503, *[200] * (LARGE_AT_ONCE + 2)]
