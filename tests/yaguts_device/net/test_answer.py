"""Answers as they come, and as they should not: read right, or a LinkError in bounded memory."""

import asyncio

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from yaguts_device.net.answer import MAX_BODY_BYTES, Inbox, read_answer
from yaguts_device.net.errors import LinkError
from yaguts_wire.limits import MAX_JOB_BYTES

Answer = tuple[int, bytes | bytearray, bool]


class Drip:
    """A connection on which the bytes come in pieces of a size, and then nothing."""

    def __init__(self, data: bytes, piece: int) -> None:
        self.left, self._piece = data, piece

    async def read(self, n: int = -1) -> bytes:
        size = min(n, self._piece)
        data, self.left = self.left[:size], self.left[size:]
        return data


def read(data: bytes, piece: int = 512) -> Answer:
    return asyncio.run(read_answer(Inbox(Drip(data, piece)), MAX_BODY_BYTES))


def http(*headers: str, body: bytes = b"", status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode() + body


JSON = "Content-Type: application/json"
LENGTH_11 = http(JSON, "Content-Length: 11", body=b'{"ok":true}')
CHUNKED = http(
    JSON, "Transfer-Encoding: chunked", body=b'4\r\n{"ok\r\n7;x=1\r\n":true}\r\n0\r\n\r\n'
)
UNTIL_CLOSED = http(JSON, body=b'{"ok":true}')


@pytest.mark.parametrize("piece", [1, 2, 7, 512])
@pytest.mark.parametrize(
    ("data", "reusable"), [(LENGTH_11, True), (CHUNKED, True), (UNTIL_CLOSED, False)]
)
def test_a_body_comes_whole_however_it_is_cut(data: bytes, reusable: bool, piece: int) -> None:
    assert read(data, piece) == (200, b'{"ok":true}', reusable)


@pytest.mark.parametrize("whole", [LENGTH_11, CHUNKED])
def test_an_answer_that_ends_early_at_any_byte_is_none(whole: bytes) -> None:
    for length in range(len(whole)):
        with pytest.raises(LinkError):
            read(whole[:length])


def test_an_answer_without_a_body_ends_at_its_head() -> None:
    assert read(http(status="204 No Content") + b"HTTP/1.1 200") == (204, b"", True)


def test_the_server_may_ask_to_close() -> None:
    data = http(JSON, "Connection: Close", "Content-Length: 2", body=b"{}")

    assert read(data) == (200, b"{}", False)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 \xff\xff\xff OK\r\n\r\n",
        http("no colon"),
        http(JSON, "Content-Length: 1", "Content-Length: 2", body=b"{}"),
        http(JSON, "Content-Length: -1"),
        http(JSON, "Content-Length: zwei"),
        http(JSON, f"Content-Length: {MAX_BODY_BYTES + 1}", body=b"x" * (MAX_BODY_BYTES + 1)),
        http(JSON, body=b"x" * (MAX_BODY_BYTES + 600)),
        http(JSON, "Transfer-Encoding: chunked", body=b"-1\r\n\r\n0\r\n\r\n"),
        http(JSON, "Transfer-Encoding: chunked", body=b"zz\r\n"),
        http(JSON, "Transfer-Encoding: chunked", body=b"2\r\n{}{}\r\n0\r\n\r\n"),
        http(JSON, "Transfer-Encoding: chunked", body=b"ffffff\r\n"),
        http("X: " + "y" * 2100),
        http(*[f"X-{number}: y" for number in range(300)]),
        b"H" * 5000,
    ],
)
def test_what_is_no_answer_is_refused(data: bytes) -> None:
    with pytest.raises(LinkError):
        read(data)


def test_it_stops_reading_what_is_too_long() -> None:
    endless = Drip(b"x" * 1_000_000, 512)

    with pytest.raises(LinkError):
        asyncio.run(read_answer(Inbox(endless), MAX_BODY_BYTES))

    assert len(endless.left) > 990_000


PAGE = "Content-Type: text/html"


@pytest.mark.parametrize(
    "head",
    [
        http(PAGE),
        http(PAGE, "Transfer-Encoding: chunked"),
        http(PAGE, "Content-Length: 9000"),
        http(),
        http(JSON, status="500 Internal Server Error"),
        http(JSON, status="302 Found"),
    ],
)
def test_not_a_byte_of_what_is_no_message_is_read(head: bytes) -> None:
    """Bytes that come together with the head are there anyway."""
    page = Drip(head + b"x" * 9_000, len(head))

    with pytest.raises(LinkError):
        asyncio.run(read_answer(Inbox(page), MAX_BODY_BYTES))

    assert len(page.left) == 9_000


def test_the_longest_job_comes_in_and_nothing_longer() -> None:
    longest = b"x" * MAX_JOB_BYTES

    assert read(http(JSON, body=longest))[1] == longest
    assert MAX_BODY_BYTES < MAX_JOB_BYTES + 64


def test_headers_that_nobody_uses_may_contradict_each_other() -> None:
    data = http(JSON, "Set-Cookie: a=1", "Set-Cookie: b=2", "Content-Length: 2", body=b"{}")

    assert read(data) == (200, b"{}", True)


@given(st.binary(max_size=300), st.integers(1, 64))
@example(b"HTTP/1.1 +20 OK\r\n\r\n", 64)
def test_any_bytes_are_an_answer_or_a_link_error(data: bytes, piece: int) -> None:
    try:
        status, body, _ = read(data, piece)
    except LinkError:
        return
    assert status >= 0
    assert len(body) <= len(data)
