"""The audit of the locks, against a vulnerability service on this machine."""

import json
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from tests.architecture.sources import ROOT

HOLE = {
    "id": "PYSEC-2026-1",
    "modified": "2026-01-31T18:00:00Z",
    "summary": "A hole",
    "affected": [
        {
            "package": {"name": "jinja2", "ecosystem": "PyPI"},
            "ranges": [
                {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.1"}]},
            ],
        }
    ],
}


@contextmanager
def a_service(holes: dict[str, object]) -> Generator[str]:
    """Speaks OSV's protocol and knows these packages to be vulnerable."""

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            hole = holes.get(asked["package"]["name"])
            answer = json.dumps({"vulns": [hole]} if hole else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Service) as server:
        serving = Thread(target=server.serve_forever)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        serving.join()


def audit(url: str, *options: str) -> tuple[int, str]:
    command = [sys.executable, "tools/audit.py", *options, "-s", "osv", "--osv-url", url]
    asked = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    return asked.returncode, asked.stdout + asked.stderr


@pytest.mark.more
def test_nothing_is_known_against_any_lock() -> None:
    with a_service({}) as url:
        status, said = audit(url)

    assert status == 0
    assert [line.partition(":")[0] for line in said.splitlines()] == [
        "run.txt", "dev.txt", "micropython.txt", "stubs.txt",
    ]  # fmt: skip


def test_a_vulnerability_is_named() -> None:
    with a_service({"jinja2": HOLE}) as url:
        status, said = audit(url)

    assert status == 1
    assert "jinja2" in said
    assert "PYSEC-2026-1, mended in 99.1" in said


def test_nobody_to_ask_is_said_and_is_an_error_only_where_an_audit_is_required() -> None:
    nobody = "http://127.0.0.1:9/"

    status, said = audit(nobody)

    assert status == 0
    assert "NOT AUDITED" in said
    assert audit(nobody, "--required")[0] == 1
