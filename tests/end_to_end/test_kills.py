"""kill -9 of a busy server at random times: no answered report is lost or booked twice."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from random import Random

import pytest

from tests.support.databases import BOTH, BOTH_IN_TIME, Databases
from tests.support.processes.crowd import Crowd
from tests.support.processes.kitchen import free_port
from yaguts.services.ops.ledger_check import check_ledger
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.hub import Hub
from yaguts.settings import Settings
from yaguts.storage import jobs
from yaguts.storage.db.database import Database

COOKS = 4
SECRET = "a secret"
FIRST_PORT = 18_400
LONGEST_LIFE_S = 0.6
WORKERS_KILLED = 4
READY_WITHIN_S = 60


@pytest.fixture
def site(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Generator[Site]:
    """A site on the server's database, for the test's own queries."""
    with site_on(databases.migrated(request.param, tmp_path)) as site:
        yield site


@contextmanager
def site_on(url: str) -> Generator[Site]:
    """A site without a server."""
    settings = Settings(url, SECRET)
    database = Database(url)
    yield Site(database, lambda: datetime.now(UTC), secrets.token_bytes, Hub(), settings)
    database.close()


def serve(url: str, port: int, log: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a server and wait until it answers."""
    environment = {
        "YAGUTS_DATA": str(log.parent),
        "YAGUTS_DATABASE_URL": url,
        "YAGUTS_SECRET_KEY": SECRET,
    }
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "yaguts.cli", "serve", "--port", str(port), *arguments],
            env={**os.environ, **environment},
            stdout=output,
            stderr=output,
        )
    try:
        wait_for(process, port, log)
    except BaseException:
        process.kill()
        process.wait()
        raise
    return process


def wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + READY_WITHIN_S
    while not answers(port):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.02)


def answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=READY_WITHIN_S)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def assert_reports_booked(site: Site, answered: dict[int, int]) -> None:
    """Assert that every answered report is booked as it was sent, and that the ledger balances."""
    with site.database.read() as connection:
        for job_id, fell in answered.items():
            job = jobs.find(connection, job_id)
            assert job.reported, f"the report of job {job_id} is lost"
            assert sum(dose.fell_at_most_mg or 0 for dose in job.doses) == fell
    assert check_ledger(site.database) == ()


def kill_at_random_moments(site: Site, folder: Path, kills: int) -> Crowd:
    random = Random(kills)
    crowd = Crowd(site, COOKS, random)
    port = free_port()
    process = serve(site.settings.database_url, port, folder / "server.log")
    crowd.start(port)
    try:
        for _ in range(kills):
            time.sleep(random.uniform(0, LONGEST_LIFE_S))
            answered = crowd.answered()
            process.send_signal(signal.SIGKILL)
            process.wait()
            process = serve(site.settings.database_url, port, folder / "server.log")
            assert_reports_booked(site, answered)
    finally:
        crowd.stop()
        process.terminate()
        process.wait()
    assert_reports_booked(site, crowd.answered())
    assert [answer for cook in crowd.cooks for answer in cook.unexpected] == []
    assert "Traceback" not in (folder / "server.log").read_text()
    print(f"{kills} kills, {len(crowd.answered())} reports answered")
    return crowd


@pytest.mark.parametrize("site", BOTH_IN_TIME, indirect=True)
def test_killed_twice(site: Site, tmp_path: Path) -> None:
    crowd = kill_at_random_moments(site, tmp_path, kills=2)

    assert len(crowd.answered()) > COOKS


@pytest.mark.more
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("site", BOTH, indirect=True)
def test_killed_ten_times(site: Site, tmp_path: Path) -> None:
    crowd = kill_at_random_moments(site, tmp_path, kills=10)

    assert len(crowd.answered()) > COOKS


@pytest.mark.more
@pytest.mark.parametrize("site", BOTH, indirect=True)
def test_a_worker_is_killed_every_second(site: Site, tmp_path: Path) -> None:
    """The others go on, and it is started again; nobody who was answered is forgotten."""
    random, port, log = Random(17), free_port(), tmp_path / "server.log"
    crowd = Crowd(site, COOKS, random)
    process = serve(site.settings.database_url, port, log, "--workers", "2")
    crowd.start(port)
    try:
        for _ in range(WORKERS_KILLED):
            time.sleep(random.uniform(0.7, 1.3))
            answered = crowd.answered()
            os.kill(random.choice(both_workers_of(process)), signal.SIGKILL)
            assert_reports_booked(site, answered)
        both_workers_of(process)
    finally:
        crowd.stop()
        process.terminate()
        assert process.wait(20) == 0
    assert_reports_booked(site, crowd.answered())
    assert [answer for cook in crowd.cooks for answer in cook.unexpected] == []
    assert len(crowd.answered()) > COOKS * WORKERS_KILLED
    assert "Traceback" not in log.read_text()


def both_workers_of(process: subprocess.Popen[bytes]) -> list[int]:
    """The two workers, as soon as there are two."""
    until = time.monotonic() + READY_WITHIN_S
    while len(workers := workers_of(process)) < 2:
        assert time.monotonic() < until
        time.sleep(0.02)
    return workers


def workers_of(process: subprocess.Popen[bytes]) -> list[int]:
    """The children of a server that are its workers."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [int(pid) for pid in children if b"spawn_main" in command_of(pid)]


def command_of(pid: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@pytest.mark.long
@pytest.mark.timeout(4 * 3600)
@pytest.mark.parametrize("site", BOTH, indirect=True)
def test_killed_three_hundred_times(site: Site, tmp_path: Path) -> None:
    crowd = kill_at_random_moments(site, tmp_path, kills=300)

    assert len(crowd.answered()) > 300
