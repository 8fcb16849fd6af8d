"""Two servers on one PostgreSQL behind nginx, configured as docs/proxy.md says.

Each is a machine of its own: several processes, which die together.
"""

import os
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from tests.end_to_end.test_kills import SECRET, assert_reports_booked, site_on
from tests.end_to_end.test_proxies import CERTIFICATE, PAGES, accepts, blocks, nginx
from tests.support.databases import POSTGRESQL, Databases
from tests.support.kitchen.furnished import FULL
from tests.support.processes.crowd import Crowd
from tests.support.processes.kitchen import (
    Dispenser,
    Person,
    Process,
    Server,
    eventually,
    free_port,
)
from yaguts.services.runtime.context import Site
from yaguts.storage import jobs
from yaguts_wire import words as w

TWO_MACHINES = blocks(PAGES["docs/proxy.md"], "nginx")[2]
PLACEHOLDERS = ("192.0.2.11:8000", "192.0.2.12:8000")
COOKS = 4
KILLS = 4
SALT_G, SALT_G_PER_S = 2.0, 2.0
ORDERS = 8
WELL = {
    ("jobs", 201),
    ("jobs", 409),
    ("next_job", 200),
    ("next_job", 204),
    ("accept", 200),
    ("complete", 200),
}
"""A dispenser is busy (409) with an order that was taken and cut off, or that one server took and
the other one, which was polled, had not heard of."""
CHANGES = ("jobs", "accept", "complete")
CUT_OFF = {(call, 502) for call in CHANGES}
"""nginx says so of a call that changes something and was under way at a server that died."""
ANSWERED = re.compile(r" POST \S*/(\w+) status=(\d+)")
"""In a server's log."""


class Machine(Server):
    """A server of two processes in a session of their own."""

    def __init__(self, folder: Path, **settings: str) -> None:
        folder.mkdir()
        super().__init__(folder, **settings)
        self._arguments = ["setsid", *self._arguments, "--workers", "2"]

    def kill(self) -> None:
        """As the machine's end: kill -9 of all its processes."""
        if self._child is not None:
            os.killpg(self._child.pid, signal.SIGKILL)
        super().kill()

    def stop(self) -> None:
        """As `systemctl stop` does it. Fails unless it ends well."""
        assert self._child is not None
        self._child.terminate()
        assert self._child.wait(20) == 0
        self._child = None


@dataclass
class Both:
    """Two servers behind one address: to a person and a dispenser they are one `Server`."""

    machines: list[Machine]
    port: int
    site: Site

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def nginx_site(machines: list[Machine], port: int) -> str:
    text = TWO_MACHINES.replace("    listen [::]:443 ssl;\n", "")
    for placeholder, machine in zip(PLACEHOLDERS, machines, strict=True):
        assert placeholder in text
        text = text.replace(placeholder, f"127.0.0.1:{machine.port}")
    plain = f"listen 127.0.0.1:{port}; listen 127.0.0.1:{free_port()} ssl"
    text = text.replace("listen 443 ssl", plain)
    return re.sub(r"/etc/letsencrypt/\S+\.pem", str(CERTIFICATE), text)


@pytest.fixture
def both(tmp_path: Path, databases: Databases) -> Iterator[Both]:
    url = databases.migrated(POSTGRESQL, tmp_path)
    port = free_port()
    with ExitStack() as undo:
        both = Both([], port, undo.enter_context(site_on(url)))
        same = {"YAGUTS_SECRET_KEY": SECRET, "YAGUTS_PUBLIC_URL": both.address}
        same |= {"YAGUTS_ACCESS_LOG": "on"}
        for name in ("one", "other"):
            machine = Machine(tmp_path / name, YAGUTS_DATABASE_URL=url, **same)
            undo.callback(machine.kill)
            Process.start(machine)
            both.machines.append(machine)
        words = nginx(tmp_path, nginx_site(both.machines, port))
        with (tmp_path / "nginx.log").open("wb") as log:
            process = subprocess.Popen(words, stdout=log, stderr=log)
        undo.callback(process.wait)
        undo.callback(process.terminate)
        eventually(lambda: accepts(port))
        eventually(lambda: all(machine.answers() for machine in both.machines))
        yield both


@pytest.mark.more
def test_either_machine_dies_every_other_second(both: Both, tmp_path: Path) -> None:
    """A board pours what was ordered and no grain more, and each job is booked once."""
    random = Random(5)
    crowd = Crowd(both.site, COOKS, random)
    ana = Person(both, "Ana")
    board = Dispenser(both, tmp_path, ana.code(), "cpython", "virtual-two")
    with closing(ana.http):
        ana.furnish()
        salt = {w.RECIPE_ID: ana.recipe(Sal=SALT_G), w.PEOPLE: 1, w.QUEUE_UP: True}
        ordered = [ana.http.post("/jobs", json=salt).json()["id"] for _ in range(ORDERS)]
        board.start()
        crowd.start(both.port)
        try:
            for _ in range(KILLS):
                time.sleep(random.uniform(0.7, 1.5))
                dying, answered = random.choice(both.machines), crowd.answered()
                dying.kill()
                assert_reports_booked(both.site, answered)
                dying.start()
        finally:
            crowd.stop()
        crowd.pour_the_rest()
        assert [ana.finished(job)["status"] for job in ordered] == ["done"] * ORDERS
        board.kill()
        assert ana.stock(1) == 100 - SALT_G * ORDERS
    assert board.on_time_ms(1) == pytest.approx(1000 * ORDERS * SALT_G / SALT_G_PER_S, rel=0.02)
    _all_is_booked_once(both, crowd)
    assert len(crowd.answered()) > COOKS * KILLS


@pytest.mark.more
def test_one_machine_is_restarted_after_the_other_while_people_cook(both: Both) -> None:
    """What a server has begun it answers before it ends: nothing was ordered that nobody knows.

    nginx says 502 of a call that comes while the system closes the server's socket, in a few
    millionths of a second: no server has begun it.
    """
    crowd = Crowd(both.site, COOKS, Random(6))
    crowd.start(both.port)
    try:
        for machine in both.machines:
            before = len(crowd.answered())
            eventually(lambda before=before: len(crowd.answered()) >= before + COOKS)
            machine.stop()
            machine.start()
    finally:
        crowd.stop()
    crowd.pour_the_rest()
    _all_is_booked_once(both, crowd)
    assert set(crowd.answered()) == crowd.ordered()
    heard = {one: n for one, n in crowd.statuses().items() if one[0] in CHANGES}
    assert _begun(both) == {one: n for one, n in heard.items() if one not in CUT_OFF}


def _begun(both: Both) -> Counter[tuple[str, int]]:
    """How often the servers answered a call that changes something, by its status."""
    logs = "".join((machine.folder / "server.log").read_text() for machine in both.machines)
    return Counter((call, int(status)) for call, status in ANSWERED.findall(logs))


def _all_is_booked_once(both: Both, crowd: Crowd) -> None:
    """And no call was answered but well, or was cut off."""
    assert_reports_booked(both.site, crowd.answered())
    assert [answer for cook in crowd.cooks for answer in cook.unexpected] == []
    assert set(crowd.statuses()) <= WELL | CUT_OFF
    with both.site.database.write() as connection:
        assert jobs.open_for_update(connection) == ()
    gone = sum(FULL - amount for kitchen in crowd.kitchens for amount, _ in kitchen.stocks())
    assert gone == sum(crowd.answered().values())
    assert [held for kitchen in crowd.kitchens for _, held in kitchen.stocks() if held] == []
    assert "Traceback" not in "".join(
        (machine.folder / "server.log").read_text() for machine in both.machines
    )
    print(f"{len(crowd.answered())} reports, statuses {dict(crowd.statuses())}")
