"""What an open page costs in a kitchen of 2,000 recipes: at rest, and while it dispenses."""

import gzip
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.harness.calls import HERE, as_dispenser, as_person
from benchmarks.harness.figures import Figure
from benchmarks.harness.kitchens import SPICES, Dispenser, furnish, sqlite_in
from benchmarks.harness.lifecycle import ME, report_of
from benchmarks.harness.server import Server, running
from yaguts.domain.ids import KitchenId
from yaguts.domain.recipe import Ingredient, Recipe
from yaguts.domain.units import Milligrams
from yaguts.storage import recipes, tables
from yaguts.storage.db.database import Database
from yaguts_wire import words as w

RECIPES = 2_000
TABS = 5
FOR_S = 30.0
PROGRESS_EVERY_S = 0.5
"""As firmware 0.2 tells it."""
WANTED_KB = 60.0
WANTED_PERCENT = {"at rest": 1.0, "while it dispenses": 5.0}
PAGE, LIVE = "/app/", "/app/live"


def measure(*, small: bool = False) -> list[Figure]:
    """Kilobytes of the page, and of a tab in a minute; percent of a core for a tab."""
    for_s = 5.0 if small else FOR_S
    with TemporaryDirectory(prefix="yaguts-bench-") as made:
        url = sqlite_in(Path(made))
        [dispenser] = furnish(url, 1)
        _write_recipes(url)
        with running(Path(made)) as server:
            whole, packed = _first_page(server, dispenser)
            rest = _cost(server, dispenser, lambda: time.sleep(for_s))
            pours = _cost(server, dispenser, lambda: _pour(server, dispenser, for_s))
    first = f"`GET {PAGE}` of {RECIPES:,} recipes, gzip; {whole / 1024:.0f} KB unpacked"
    figures = [Figure("first page", packed / 1024, " KB", first, WANTED_KB, steady=True)]
    for name, (percent, kb) in (("at rest", rest), ("while it dispenses", pours)):
        how = f"the server’s processor time with {TABS} tabs, less that without, in {for_s:.0f} s"
        figures += [
            Figure(f"an open page {name}", percent, " % of a core", how, WANTED_PERCENT[name]),
            Figure(f"what it is sent {name}", kb, " KB a minute", "all of its stream"),
        ]
    return figures


def _write_recipes(url: str) -> None:
    database, now = Database(url), datetime.now(UTC)
    with database.write() as connection:
        owner = connection.execute(tables.dispensers.select()).mappings().one()["owner_id"]
        parts = tuple(Ingredient(spice, Milligrams(2_000)) for spice in SPICES)
        for number in range(RECIPES - 1):
            recipe = Recipe(f"Receita {number}", 4, parts, kitchen_id=KitchenId(owner))
            recipes.add(connection, recipe, now)
    database.close()


def _first_page(server: Server, dispenser: Dispenser) -> tuple[int, int]:
    answer = _asked(server, "GET", PAGE, dispenser, {"Accept-Encoding": "gzip"})
    return len(gzip.decompress(answer)), len(answer)


def _cost(server: Server, dispenser: Dispenser, passes: Callable[[], None]) -> tuple[float, float]:
    """Percent of a core for a tab, and the KB that it is sent in a minute."""
    without_s, _ = _timed(server, passes)
    with _tabs(server, dispenser) as tabs:
        before = sum(tab.received for tab in tabs)
        with_s, took_s = _timed(server, passes)
        received = sum(tab.received for tab in tabs) - before
    percent = 100 * (with_s - without_s) / took_s / TABS
    return percent, received / 1024 / TABS * 60 / took_s


def _timed(server: Server, passes: Callable[[], None]) -> tuple[float, float]:
    used, began = server.cpu_s(), time.monotonic()
    passes()
    return server.cpu_s() - used, time.monotonic() - began


class Tab(threading.Thread):
    """An open kitchen page, which reads its stream."""

    def __init__(self, server: Server, dispenser: Dispenser) -> None:
        super().__init__(daemon=True)
        self.received = 0
        self._connection = http.client.HTTPConnection(HERE, server.port)
        name, _, value = as_person(dispenser.session).partition(": ")
        headers = {name: value, "Accept": "text/event-stream"}
        self._connection.request("GET", LIVE, headers=headers)
        self._socket = self._connection.sock
        self._stream = self._connection.getresponse()
        assert self._stream.status == 200
        self._closing = False

    def run(self) -> None:
        """Read until it is closed."""
        while not self._closing and (line := self._stream.readline()):
            self.received += len(line)

    def close(self) -> None:
        """Close the page."""
        self._closing = True
        self._socket.shutdown(socket.SHUT_RDWR)


@contextmanager
def _tabs(server: Server, dispenser: Dispenser) -> Generator[list[Tab]]:
    tabs = [Tab(server, dispenser) for _ in range(TABS)]
    for tab in tabs:
        tab.start()
    time.sleep(1)  # Each is sent the whole part at first.
    try:
        yield tabs
    finally:
        for tab in tabs:
            tab.close()


def _pour(server: Server, dispenser: Dispenser, for_s: float) -> None:
    """Order, accept, tell how far it is twice a second, and report."""
    order = {w.RECIPE_ID: dispenser.recipe_id, w.PEOPLE: 1, w.DEVICE_ID: dispenser.id}
    _asked(server, "POST", "/jobs", dispenser, body=order)
    job = json.loads(_told(server, dispenser, "GET", "/next_job?wait=5", None))
    path, key = f"/jobs/{job['id']}", {w.JOB_KEY: job[w.JOB_KEY]}
    _told(server, dispenser, "POST", f"{path}/accept", key | {w.ACCEPTANCE: 1})
    steps = int(for_s / PROGRESS_EVERY_S)
    for step in range(steps):
        dose = job[w.ITEMS][step * len(job[w.ITEMS]) // steps]
        done = {w.DISPENSED_G: dose[w.QUANTITY_G] * (step % 10) / 10, w.STATUS: w.RUNNING}
        place = {w.ITEM_ORDER: dose[w.ORDER], w.JAR: dose[w.JAR]}
        _told(server, dispenser, "POST", f"{path}/progress", key | place | done)
        time.sleep(PROGRESS_EVERY_S)
    _told(server, dispenser, "POST", f"{path}/complete", key | report_of(job))


def _told(server: Server, dispenser: Dispenser, method: str, path: str, body: Any) -> bytes:
    name, _, value = as_dispenser(dispenser.token).partition(": ")
    return _asked(server, method, ME + path, None, {name: value, w.HOLDING_HEADER: ""}, body)


def _asked(
    server: Server,
    method: str,
    path: str,
    person: Dispenser | None,
    headers: dict[str, str] | None = None,
    body: Any = None,
) -> bytes:
    sent = {"Content-Type": "application/json", **(headers or {})}
    if person is not None:
        name, _, value = as_person(person.session).partition(": ")
        sent[name] = value
    connection = http.client.HTTPConnection(HERE, server.port)
    connection.request(method, path, None if body is None else json.dumps(body), sent)
    answer = connection.getresponse()
    read = answer.read()
    connection.close()
    assert answer.status < 300, (answer.status, read[:300])
    return read
