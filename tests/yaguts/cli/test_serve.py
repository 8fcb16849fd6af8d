"""`yaguts serve` in a process of its own, on a port, until it is told to stop."""

import json
import os
import re
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from tests.support.databases import POSTGRESQL, SQLITE, Databases
from tests.support.processes.forked import command
from yaguts.cli.phones import pages_for_phones
from yaguts.cli.serve import is_reachable
from yaguts.http.lan_addresses import bracketed, lan_addresses
from yaguts.settings import Settings

MOST_MEMORY_MB = 130


class Server:
    """A running server and its port."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=40)
        content = None if body is None else json.dumps(body)
        sent = {"Content-Type": "application/json", **headers}
        connection.request(method, path, content, sent)
        answer = connection.getresponse()
        with answer:
            text = answer.read()
        connection.close()
        return answer.status, json.loads(text) if text else None

    def printed(self) -> str:
        """The next line that it prints."""
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def stop(self) -> tuple[int, float]:
        """Stop the server. Returns its exit code and the seconds that it took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=20), time.monotonic() - began


def yaguts(
    *arguments: str, folder: Path, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("YAGUTS_")}
    return subprocess.Popen(
        [sys.executable, "-m", "yaguts.cli", *arguments],
        cwd=folder,
        env={**ours, "YAGUTS_DATA": str(folder), **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def serving(
    folder: Path,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    host: str = "127.0.0.1",
) -> Generator[Server]:
    words = ("serve", "--host", host, "--port", "0", *arguments)
    process = yaguts(*words, folder=folder, environment=environment)
    assert process.stdout is not None
    printed = process.stdout.readline()
    address = re.fullmatch(rf"Yaguts: http://{re.escape(host)}:(\d+)\n", printed)
    assert address is not None, printed
    try:
        yield Server(process, int(address[1]))
    finally:
        process.kill()
        process.communicate()


def claim_a_board(server: Server) -> str:
    """Register, pair a dispenser and return its token."""
    account = {"nome": "Ana", "senha": "canela em pau 42"}
    assert server.call("POST", "/auth/register", account)[0] == 201
    connection = HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("POST", "/auth/login", json.dumps(account))
    with connection.getresponse() as answer:
        cookie = str(answer.getheader("Set-Cookie")).partition(";")[0]
    connection.close()
    code = server.call("POST", "/devices/claims", Cookie=cookie)[1]["code"]
    claim = {"uid": "board-1", "claim_code": code}
    return server.call("POST", "/devices/claim", claim)[1]["device_token"]


def memory_mb(process: subprocess.Popen[str]) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def test_small(databases: Databases, tmp_path: Path) -> None:
    databases.migrated(SQLITE, tmp_path)
    with serving(tmp_path) as server:
        assert server.call("GET", "/health") == (200, {"status": "ok"})
        claim_a_board(server)
        assert memory_mb(server.process) < MOST_MEMORY_MB


@pytest.mark.parametrize(
    ("arguments", "ends_with"),
    [
        pytest.param((), -signal.SIGTERM, id="one process"),
        pytest.param(("--workers", "2"), 0, id="two workers", marks=pytest.mark.more),
    ],
)
def test_stopping_the_server_ends_long_polls(
    tmp_path: Path, arguments: tuple[str, ...], ends_with: int
) -> None:
    with serving(tmp_path, *arguments) as server:
        token = claim_a_board(server)
        answers: list[tuple[int, Any]] = []
        path, headers = "/devices/me/next_job?wait=25", {"Authorization": f"Bearer {token}"}
        poll = threading.Thread(target=lambda: answers.append(server.call("GET", path, **headers)))
        poll.start()
        while not held(server):
            time.sleep(0.02)

        code, seconds = server.stop()

        poll.join()
        assert answers == [(204, None)]
        assert seconds < 5
        assert code == ends_with


def held(server: Server) -> bool:
    """Whether the server has an established connection."""
    local = f"0100007F:{server.port:04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return any(row[1] == local and row[3] == "01" for row in rows)


def test_several_workers(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2") as server:
        claim_a_board(server)
        assert server.stop()[0] == 0


@pytest.mark.more
def test_several_workers_on_postgresql_count_guesses_together(
    tmp_path: Path, databases: Databases
) -> None:
    environment = {
        "YAGUTS_DATABASE_URL": databases.bare(POSTGRESQL, tmp_path),
        "YAGUTS_SECRET_KEY": "a secret that all the workers know",
    }
    with serving(tmp_path, "--workers", "2", environment=environment) as server:
        claim_a_board(server)
        guess = {"nome": "Ana", "senha": "pimenta do reino 7"}
        answers = [server.call("POST", "/auth/login", guess)[0] for _ in range(12)]
        assert answers == [401] * 10 + [429] * 2
        assert server.stop()[0] == 0


def test_the_key_file_is_its_owners_alone(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        server.call("GET", "/health")

    key = tmp_path / "yaguts.db.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(key.read_text()) >= 40


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("YAGUTS_REGISTRATION", "everybody"),
        ("YAGUTS_JOB_TIME_TO_LIVE_S", "soon"),
        ("YAGUTS_VIRTUAL_DISPENSERS", "17"),
        ("YAGUTS_DATABASE_URL", "oracle://somewhere/else"),
        ("YAGUTS_DATABASE_URL", "postgresql://127.0.0.1:1/none"),
    ],
)
def test_a_bad_setting_is_named(tmp_path: Path, variable: str, value: str) -> None:
    code, _, errors = command("serve", folder=tmp_path, environment={variable: value})

    assert code == 1
    assert variable in errors
    assert "Traceback" not in errors


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        code, _, errors = command("serve", "--port", str(server.port), folder=tmp_path)

    assert code != 0
    assert "in use" in errors
    assert "Traceback" not in errors


def test_db_upgrade_can_be_repeated(tmp_path: Path) -> None:
    for _ in range(2):
        assert command("db", "upgrade", folder=tmp_path)[0] == 0
    assert (tmp_path / "yaguts.db").exists()


@pytest.mark.parametrize(
    "arguments", [(), pytest.param(("--workers", "2"), marks=pytest.mark.more)]
)
def test_a_server_that_others_can_reach_prints_a_word_for_its_first_account(
    tmp_path: Path, databases: Databases, arguments: tuple[str, ...]
) -> None:
    databases.migrated(SQLITE, tmp_path)
    account = {"nome": "Ana", "senha": "canela em pau 42"}
    file = tmp_path / "yaguts.db.word"
    with serving(tmp_path, *arguments, host="0.0.0.0") as server:
        assert str(tmp_path) in server.printed()
        word = server.printed().rpartition(": ")[2].strip()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600

        assert server.call("POST", "/auth/register", account)[0] == 400
        assert server.call("POST", "/auth/register", {**account, "palavra": word})[0] == 201
        assert not file.exists()
        server.stop()


@pytest.mark.parametrize(
    ("host", "public", "reachable"),
    [
        ("127.0.0.1", "", False),
        ("127.0.0.9", "", False),
        ("::1", "", False),
        ("localhost", "", False),
        ("127.0.0.1", "http://localhost:8000", False),
        ("127.0.0.1", "https://yaguts.example.org", True),
        ("0.0.0.0", "", True),
        ("::", "", True),
        ("", "", True),
        ("192.168.1.20", "", True),
        ("fe80::1%eth0", "", True),
        ("kitchen.lan", "", True),
    ],
)
def test_whether_others_can_reach_a_server(host: str, public: str, reachable: bool) -> None:
    assert is_reachable(host, Settings(public_url=public)) == reachable


def test_a_server_for_this_computer_alone_says_how_telephones_reach_it(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        server.printed()
        assert "--host 0.0.0.0" in server.printed()


def test_telephones_are_given_the_public_address_or_each_that_they_can_open() -> None:
    everywhere = pages_for_phones("::", 8000, "")

    assert everywhere == [f"http://{bracketed(one)}:8000/app/" for one in lan_addresses()]
    assert pages_for_phones("0.0.0.0", 8000, "https://a.example/b") == ["https://a.example/b/app/"]
    assert pages_for_phones("127.0.0.1", 8000, "") == []
