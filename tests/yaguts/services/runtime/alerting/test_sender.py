"""The child process: what it reaches, what it refuses, and how it ends."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from threading import Thread
from typing import Any

import pytest

from tests.support.receivers import LOCAL, Hooks, hooks
from yaguts.domain.alerts.delivery import AlertFault, Failed
from yaguts.services.runtime.alerting import child as child_module
from yaguts.services.runtime.alerting.child import PROCESS, Child
from yaguts.services.runtime.alerting.guard import is_allowed
from yaguts.services.runtime.alerting.sender_process import without_secrets
from yaguts.services.runtime.alerting.webhook import signature


@pytest.fixture(scope="module")
def child() -> Generator[Child]:
    child = Child()
    yield child
    child.close()


@pytest.fixture
def hook() -> Generator[Hooks]:
    with hooks() as hook:
        yield hook


def webhook(url: str, allowed: tuple[str, ...] = LOCAL) -> dict[str, Any]:
    signed = {"key": "a key", "id": "7", "timestamp": "1769882400", "body": '{"é": 1}'}
    return {"url": url, "allowed": allowed, "title": "t", "text": "x", **signed}


def other(url: str, allowed: tuple[str, ...] = LOCAL) -> dict[str, Any]:
    return {"url": url, "allowed": allowed, "title": "Título", "text": "x"}


def test_a_webhook_is_signed(child: Child, hook: Hooks) -> None:
    assert child.send(webhook(hook.address + "/a?b=c")) is None

    (got,) = hook.received
    assert got.path == "/hook/a?b=c"
    assert got.headers["Content-Type"] == "application/json"
    assert got.headers["Yaguts-Id"] == "7"
    assert got.headers["Yaguts-Timestamp"] == "1769882400"
    assert got.headers["Yaguts-Signature"] == signature("a key", "1769882400", got.body)
    assert got.headers["Host"] == f"127.0.0.1:{hook.port}"
    assert got.told == {"é": 1}


def test_the_signature_is_what_others_compute() -> None:
    """`printf '%s' '1.{}' | openssl dgst -sha256 -hmac k`"""
    done = subprocess.run(
        ["openssl", "dgst", "-sha256", "-hmac", "k"], input=b"1.{}", capture_output=True, check=True
    )
    mac = done.stdout.decode().split()[-1]

    assert signature("k", "1", b"{}") == f"v1={mac}"


@pytest.mark.parametrize("make", [webhook, other])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_private_address_is_not_reached(child: Child, hook: Hooks, make: Any, host: str) -> None:
    scheme = "http" if make is webhook else "json"
    url = f"{scheme}://{host}:{hook.port}/x"

    assert child.send(make(url, ())) == Failed(AlertFault.PRIVATE)
    assert child.send(make(url, ("10.0.0.0/8",))) == Failed(AlertFault.PRIVATE)
    assert hook.received == []
    assert child.send(make(url, (*LOCAL, "::1/128"))) is None
    assert len(hook.received) == 1


def test_a_redirect_is_not_followed(child: Child, hook: Hooks) -> None:
    with hooks() as inside:
        hook.status, hook.location = 307, inside.address

        assert child.send(webhook(hook.address)) == Failed(AlertFault.REFUSED, "HTTP 307")
        assert inside.received == []


def test_a_redirect_of_another_service_leads_to_no_private_address(child: Child) -> None:
    """The first address is allowed, the second is not."""
    with hooks() as outside, hooks() as inside:
        outside.status = 307
        outside.location = inside.address.replace("127.0.0.1", "127.0.0.2")

        found = child.send(other(f"json://127.0.0.1:{outside.port}/", ("127.0.0.1/32",)))
        assert found is not None
        assert len(outside.received) == 1
        assert inside.received == []


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("json://127.0.0.1:1/", AlertFault.UNREACHABLE),
        ("mailto://127.0.0.1:1?from=a@b.org&to=c@d.org", AlertFault.UNREACHABLE),
        ("tgram://no-token", AlertFault.UNUSABLE),
        ("syslog://", AlertFault.UNUSABLE),
    ],
)
def test_what_does_not_work_is_told(child: Child, url: str, fault: AlertFault) -> None:
    found = child.send(other(url))

    assert found is not None
    assert found.fault == fault
    assert "127.0.0.1" not in found.detail


@pytest.mark.parametrize(
    ("status", "fault"), [(200, None), (201, None), (404, "HTTP 404"), (500, "HTTP 500")]
)
def test_any_2xx_takes_a_webhook(child: Child, hook: Hooks, status: int, fault: str | None) -> None:
    hook.status = status
    found = child.send(webhook(hook.address))

    assert found == (None if fault is None else Failed(AlertFault.REFUSED, fault))


def test_a_name_that_leads_nowhere_and_a_closed_port(child: Child) -> None:
    for url in ("http://nowhere.invalid/", "http://127.0.0.1:1/"):
        found = child.send(webhook(url))
        assert found is not None
        assert found.fault == AlertFault.UNREACHABLE


def test_a_certificate_of_nobodys_is_refused(child: Child) -> None:
    with socket.socket() as plain:
        plain.bind(("127.0.0.1", 0))
        plain.listen()

        def answer() -> None:
            connection, _ = plain.accept()
            connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
            connection.close()

        thread = Thread(target=answer)
        thread.start()
        found = child.send(webhook(f"https://127.0.0.1:{plain.getsockname()[1]}/"))
        thread.join()

    assert found is not None
    assert found.fault == AlertFault.UNREACHABLE


def test_one_that_is_silent_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_module, "PATIENCE_S", 0.5)
    child = Child()
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        before = time.monotonic()
        found = child.send(webhook(f"http://127.0.0.1:{silent.getsockname()[1]}/"))
    child.close()

    assert found == Failed(AlertFault.TIMEOUT)
    assert time.monotonic() - before < 20


def test_a_child_that_was_killed_is_started_again(hook: Hooks) -> None:
    child = Child()
    assert child.send(webhook(hook.address)) is None
    assert child.process is not None
    child.process.kill()
    assert child.send(webhook(hook.address)) is None
    child.close()
    assert child.send(webhook(hook.address)) == Failed(AlertFault.TIMEOUT)


def test_it_ends_with_its_input_and_runs_no_programs() -> None:
    """A process of the child's own, that tries what the guard refuses."""
    tries = (
        "import os, socket, subprocess\n"
        "from yaguts.services.runtime.alerting.guard import Guard\n"
        "guard = Guard(); guard.stand()\n"
        "def tried(what):\n"
        "    try: what()\n"
        "    except OSError: print('refused')\n"
        "    else: print('done')\n"
        "tried(lambda: subprocess.run(['true']))\n"
        "tried(lambda: os.system('true'))\n"
        "tried(lambda: open('/tmp/alerts-write', 'w'))\n"
        "tried(lambda: socket.socket(socket.AF_UNIX).connect('/run/x'))\n"
        "tried(lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9)))\n"
        "tried(lambda: open('/dev/null'))\n"
    )
    done = subprocess.run([sys.executable, "-c", tries], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["refused"] * 5 + ["done"]

    request = json.dumps(other("tgram://x")).encode()
    ended = subprocess.run(
        [sys.executable, "-m", PROCESS], input=request + b"\n", capture_output=True, check=True
    )
    assert json.loads(ended.stdout)["fault"] == "unusable"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0",
        "fc00::1",
        "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:80ff:fffe", "localhost", "", "None", "example.org",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public(address: str) -> None:
    assert not is_allowed(address, ())


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "64:ff9b::5db8:d822"])
def test_a_public_address(address: str) -> None:
    assert is_allowed(address, ())


def test_what_the_operator_allows() -> None:
    assert is_allowed("192.168.1.20", ("192.168.1.20/32",))
    assert not is_allowed("192.168.1.21", ("192.168.1.20/32",))
    assert is_allowed("::ffff:192.168.1.20", ("192.168.1.0/24",))
    assert is_allowed("fd00::5", ("192.168.1.0/24", "fd00::/8"))


def test_an_answer_does_not_repeat_the_secret() -> None:
    said = "Failed to reach https://ha.local/api?token=abcdef:\n error 401"

    assert without_secrets(said, "hassio://ha.local/abcdef") == (
        "Failed to reach https://…/api?token=…: error 401"
    )
