"""A server that nobody uses is small, and soon there: libraries are loaded where they are used."""

import compileall
import subprocess
import sys
from pathlib import Path

import httpx

from benchmarks.harness import process
from tests.support.components import ROOT
from tests.support.databases import empty_tables
from tests.support.processes.kitchen import eventually, free_port

MOST_MB = 110
LIBRARIES = "fastapi, httptools, jinja2, prometheus_client, sqlalchemy.orm, uvicorn, uvloop"
MOST_OF_LIBRARIES = 3
"""A cold start takes 1.8 to 2.1 times the processor time of importing these and nothing else.

A ratio, because the same start took 1.1 to 1.8 s on one machine from day to day. The seconds are
in `make bench`.
"""
HEAVY = (
    "alembic",
    "apprise",
    "bs4",
    "click.testing",
    "hypothesis",
    "lxml",
    "numpy",
    "PIL",
    "pytest",
    "recipe_scrapers",
    "rich",
    "segno",
    "yaguts_sim",
)
"""Each is needed for something that an idle server does not do."""


def test_an_idle_server_was_soon_there_and_is_small(tmp_path: Path) -> None:
    compileall.compile_dir(ROOT / "src", quiet=1)  # as it is where it was installed
    (tmp_path / "yaguts.db").write_bytes(empty_tables())
    port = free_port()
    libraries_s = min(_import_s() for _ in range(2))
    command = [sys.executable, "-X", "importtime", "-m", "yaguts.cli", "serve"]
    with (tmp_path / "imports").open("wb") as imports:
        server = subprocess.Popen(
            [*command, "--port", str(port), "--data", str(tmp_path)],
            stdout=subprocess.DEVNULL,
            stderr=imports,
        )
    try:
        eventually(lambda: _answers(port, "/devices/me/next_job", 401))
        took_s = process.processor_s(server.pid)
        eventually(lambda: _answers(port, "/app/", 200))
        memory_kb = process.memory_kb(server.pid)
    finally:
        server.kill()
        server.wait()
    loaded = _loaded((tmp_path / "imports").read_text("utf-8"))
    assert "yaguts.web.app" in loaded
    assert [one for one in HEAVY if one in loaded] == []
    assert memory_kb <= MOST_MB * 1024
    assert took_s <= MOST_OF_LIBRARIES * libraries_s


def _import_s() -> float:
    """The processor time that an interpreter takes to import the libraries of the server."""
    code = f"import time, {LIBRARIES}; print(time.process_time())"
    return float(subprocess.check_output([sys.executable, "-c", code]))


def _answers(port: int, path: str, status: int) -> bool:
    try:
        answer = httpx.get(f"http://127.0.0.1:{port}{path}", follow_redirects=True)
    except httpx.TransportError:
        return False
    return answer.status_code == status


def _loaded(importtime: str) -> set[str]:
    """The modules that were imported, as `-X importtime` lists them."""
    lines = (line.split("|") for line in importtime.splitlines() if "import time:" in line)
    return {line[-1].strip() for line in lines if len(line) == 3}
