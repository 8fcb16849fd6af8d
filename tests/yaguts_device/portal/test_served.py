"""The portal on loopback: v0.1's calls, and clients that are slow, huge, many or mad.

The firmware runs as built, in MicroPython with the heap that an ESP32 begins with.
"""

import json
import random
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.device.portal_board import (
    NAME,
    PortalBoard,
    body,
    heard,
    portal_board,
    status,
)
from tests.support.device.vms import VMS
from tests.support.processes.kitchen import eventually
from yaguts_device.core import set_up
from yaguts_device.portal.serving.conversation import IN_ALL_MS, MOST_BODY, MOST_HEAD

HEAP = "73K"
"""An ESP32's first 56 KB."""
IN_ALL_S = IN_ALL_MS / 1000


@pytest.fixture(params=VMS)
def board(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PortalBoard]:
    with portal_board(tmp_path, request.param, HEAP) as board:
        yield board
        assert board.is_alive(), board.log()
        assert "Memory" not in board.log()
        assert "Traceback" not in board.log()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[PortalBoard]:
    """In MicroPython: the trouble is one of memory and time."""
    with portal_board(tmp_path, "micropython", HEAP) as board:
        yield board
        assert status(board.get("/")) == 200, board.log()
        assert "Memory" not in board.log()
        assert "Traceback" not in board.log()


def test_the_form_names_the_networks_in_both_languages(board: PortalBoard) -> None:
    portuguese = board.get("/")
    english = board.get("/", "Accept-Language: en-GB,en;q=0.9,pt;q=0.5\r\n")

    assert status(portuguese) == status(english) == 200
    for page in (portuguese, english):
        assert 'value="Cozinha"' in page
        assert "Casa do José &amp; Cia" in page
        assert f"<h1>{NAME}</h1>" in page
        assert all(f'name="{field}"' in page for field in ("ssid", "pass", "claim", "api"))
        assert 'action="/save"' in page
    assert "Senha do Wi-Fi" in portuguese
    assert "Wi-Fi password" in english
    assert "Wi-Fi password" in board.get("/?l=en", "Accept-Language: pt\r\n")


def test_it_answers_what_firmware_0_1_answered(board: PortalBoard) -> None:
    info = json.loads(body(board.get("/info")))
    assert info.keys() == {"uid", "mac", "fw", "rssi", "ip"}
    assert (info["mac"], info["ip"]) == ("24:0a:c4:01:02:03", "127.0.0.1")

    assert status(board.save("ssid=&pass=x&claim=123456&api=http://a")) == 400
    assert status(board.save("pass=x&claim=123456&api=http://a")) == 400
    assert status(board.save("ssid=Cozinha&pass=x&claim=12345&api=http://a")) == 400
    assert status(board.save("ssid=Cozinha&pass=x&claim=abcdef&api=http://a")) == 400
    assert board.state() == set_up.NOTHING
    assert status(board.save("ssid=Ausente&pass=&claim=&api=http://a")) == 200
    eventually(lambda: board.state() == set_up.NO_NETWORK)


UNUSABLE = [
    "ssid=Cozinha&api=",
    "ssid=Cozinha&api=ftp://a",
    "ssid=Cozinha&api=http://",
    "ssid=Cozinha&api=http://a:99999",
    "ssid=Cozinha&api=http://a b",
    "ssid=Cozinha&api=http://" + "a" * 120,
    "ssid=" + "a" * 33 + "&api=http://a",
    "ssid=Cozinha&pass=" + "a" * 65 + "&api=http://a",
    "ssid=%ff%fe&api=http://a",
    "ssid=a%00b&api=http://a",
]


def test_what_cannot_be_used_is_told_in_the_form(small: PortalBoard) -> None:
    for fields in UNUSABLE:
        answer = small.save(fields)

        assert status(answer) == 400, fields
        assert 'name="ssid"' in answer
        assert '<p class="m" id="m" role="status"></p>' not in answer
    assert small.state() == set_up.NOTHING


def test_a_wrong_password_is_told_and_forgotten(board: PortalBoard) -> None:
    waiting = board.save("ssid=Cozinha&pass=errada&claim=&api=http://127.0.0.1:9&l=en")
    assert "Connecting" in waiting
    assert status(board.save("ssid=Cozinha&api=http://a")) == 409
    eventually(lambda: board.state() == set_up.WRONG_PASSWORD)

    page = board.get("/")
    assert "recusou a senha" in page
    assert "errada" not in page
    assert 'value="Cozinha" checked' in page
    assert 'value="http://127.0.0.1:9"' in page
    assert board.configuration() == {}


def test_any_address_leads_to_the_portal(board: PortalBoard) -> None:
    answer = board.ask("GET /generate_204 HTTP/1.1\r\nHost: connectivitycheck.gstatic.com\r\n\r\n")
    assert status(answer) == 302
    assert f"Location: {board.address}/\r\n" in answer
    assert status(board.get("/hotspot-detect.html")) == 302


def test_every_name_is_the_board(board: PortalBoard) -> None:
    query = b"\x12\x34\x01\x00\0\1\0\0\0\0\0\0\x07captive\x05apple\x03com\0\0\1\0\1"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        phone.settimeout(5)
        for garbage in (b"", b"x", b"\xff" * 512, query[:20], query[:-2]):
            phone.sendto(garbage, ("127.0.0.1", board.port + 1))
        phone.sendto(query, ("127.0.0.1", board.port + 1))

        answer = phone.recv(512)

    assert answer.startswith(b"\x12\x34\x85\x00\0\1\0\1")
    assert answer.endswith(bytes([127, 0, 0, 1]))


def test_another_sites_page_can_send_no_form(board: PortalBoard) -> None:
    foreign = "Origin: http://evil.example\r\n"
    good = "ssid=Cozinha&pass=cravo e canela&claim=&api=http://127.0.0.1:9"

    assert status(board.save(good, foreign)) == 403
    wipe = f"POST /wipe HTTP/1.1\r\n{foreign}Content-Length: 0\r\n\r\n"
    assert status(board.ask(wipe)) == 403
    assert status(board.save(good.replace("Cozinha", ""), f"Origin: {board.address}\r\n")) == 400
    assert board.state() == set_up.NOTHING


def test_everything_is_erased_by_post_alone_after_a_question(board: PortalBoard) -> None:
    (board.flash / "yaguts.json").write_text('{"wifi": "Cozinha"}')
    question = board.get("/wipe")
    assert status(question) == 200
    assert 'method="post"' in question
    assert board.configuration() == {"wifi": "Cozinha"}

    assert status(board.ask("POST /wipe HTTP/1.1\r\nContent-Length: 0\r\n\r\n")) == 200
    eventually(lambda: board.configuration() == {})
    eventually(lambda: board.log().count("is open at") == 2)


GARBAGE = {
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 tls\r\n\r\n",
    "no path": b"GET\r\n\r\n",
    "another version": b"GET / HTTP/2.0\r\n\r\n",
    "no header": b"GET / HTTP/1.1\r\nwhat\r\n\r\n",
    "no UTF-8": b"GET /\xff\xfe HTTP/1.1\r\n\r\n",
    "no length": b"POST /save HTTP/1.1\r\nContent-Length: many\r\n\r\n",
    "less than nothing": b"POST /save HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    "an endless length": b"POST /save HTTP/1.1\r\nContent-Length: " + b"9" * 40 + b"\r\n\r\n",
    "another method": b"PUT /save HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
}


def test_garbage_is_refused(small: PortalBoard) -> None:
    for what, garbage in GARBAGE.items():
        assert status(small.ask(garbage)) in (400, 405), what


def test_what_is_huge_is_not_taken_in(small: PortalBoard) -> None:
    megabyte = b"x" * 1_000_000
    for request, refusal in (
        (b"GET / HTTP/1.1\r\nCookie: " + b"x" * MOST_HEAD + b"\r\n\r\n", 431),
        (b"GET /" + megabyte, 431),
        (megabyte, 431),
        (b"POST /save HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (MOST_BODY + 1), 413),
        (b"POST /save HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n" + megabyte, 413),
    ):
        assert status(small.ask(request)) in (refusal, 0)  # 0: what it had not read cut it off
    full = "ssid=Ausente&api=http://a&x=".ljust(MOST_BODY, "y")
    assert status(small.save(full)) == 200


def test_random_bytes_end_nothing(small: PortalBoard) -> None:
    chance = random.Random(7)
    for _ in range(60):
        small.ask(chance.randbytes(chance.randrange(1, 600)) + b"\r\n\r\n")


@pytest.mark.more
def test_who_is_slow_is_cut_off_and_holds_nobody_up(small: PortalBoard) -> None:
    """A byte every now and then, and a phone that takes its answer as slowly."""
    over = threading.Event()

    def dribble() -> float:
        began = time.monotonic()
        with small.connect(30) as connection:
            try:
                while not over.wait(0.5):
                    connection.sendall(b"G")
            except OSError:
                pass
        return time.monotonic() - began

    with ThreadPoolExecutor(3) as slow:
        dribbling = [slow.submit(dribble) for _ in range(3)]
        for _ in range(5):
            began = time.monotonic()
            assert status(small.get("/")) == 200
            assert time.monotonic() - began < 2
        took = [one.result(20) for one in dribbling]
        over.set()

    assert all(one < IN_ALL_S + 2 for one in took)


@pytest.mark.more
def test_who_says_nothing_is_cut_off(small: PortalBoard) -> None:
    """As browsers do, that open connections in advance. More of them than are served at once."""
    silent = [small.connect(30) for _ in range(8)]
    began = time.monotonic()
    assert [heard(connection) for connection in silent] == [""] * 8
    assert time.monotonic() - began < 2 * IN_ALL_S + 2
    for connection in silent:
        connection.close()


REQUEST = "GET /info HTTP/1.1\r\n\r\n"


@pytest.mark.more
def test_fifty_at_once_are_all_answered(small: PortalBoard) -> None:
    with ThreadPoolExecutor(50) as crowd:
        answers = list(crowd.map(lambda _: small.ask(REQUEST, 30), range(50)))

    assert {status(answer) for answer in answers} == {200}
    assert {"ip" in json.loads(body(answer)) for answer in answers} == {True}
