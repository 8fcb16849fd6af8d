"""A whole server in the test's own process, on a database of its own, with browsers and boards."""

import os
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from anyio.from_thread import BlockingPortal
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.support.kitchen.browser import Browser
from tests.support.kitchen.documented import insist_on_documented
from yaguts.app import create_program, open_site
from yaguts.http.access import COOKIE
from yaguts.services.people import accounts
from yaguts.services.people.passwords import hash_password
from yaguts.services.people.sessions import open_session
from yaguts.services.runtime.threads import prepare_loop
from yaguts.settings import Settings
from yaguts.storage import dispensers, people
from yaguts.storage.db.migrate import upgrade_database
from yaguts_wire import words as w

_IDLE: defaultdict[tuple[str, tuple[str, ...]], list[FastAPI]] = defaultdict(list)
"""Programs of households that are closed. FastAPI prepares its routes when they are first called,
which takes longer than most tests."""

PASSWORD = "canela em pau 42"
HOST = "kitchen.localhost"


@cache
def _hashed() -> str:
    """What is kept of the password, which a thousand people here have: hashing takes long."""
    return hash_password(PASSWORD, os.urandom)


class StoppedClock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 31, 18, 0, tzinfo=UTC)
        self._passed = timedelta()

    def __call__(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        """Seconds that passed, whatever became of the clock."""
        return self._passed.total_seconds()

    def passes(self, **time: float) -> None:
        """Let so much time pass, for example `minutes=10`."""
        self._passed += timedelta(**time)
        self.now += timedelta(**time)

    def jumps(self, **time: float) -> None:
        """Put the clock forward by so much, or back, while no time passes."""
        self.now += timedelta(**time)


class Household:
    """The server, and who calls it. `portal` leads to an event loop that all of them share."""

    portal: BlockingPortal | None = None

    def __init__(self, folder: Path, *, migrated: bool = False, **settings: Any) -> None:
        """`migrated`: the database has its tables."""
        self.clock = StoppedClock()
        usual = {
            "database_url": f"sqlite:///{folder / 'yaguts.db'}",
            "registration": "open",
            "secret_key": "a secret",
            "data_folder": folder,
            "refusals_late_s": 0,
        }
        wanted = Settings(**(usual | settings))
        self.site = open_site(wanted, clock=self.clock, monotonic=self.clock.monotonic)
        self._idle = _IDLE[wanted.public_url, wanted.allowed_origins]
        self.app = self._idle.pop() if self._idle else create_program(self.site)
        self.app.state.site = self.site
        if self.portal is not None:
            self.portal.call(prepare_loop, self.site.database)
        if not migrated:
            upgrade_database(self.site.database)

    def browser(self, *, address: str = "192.0.2.1", https: bool = False) -> TestClient:
        """Somebody not signed in."""
        scheme = "https" if https else "http"
        browser = Browser(self.app, self.portal, f"{scheme}://{HOST}", (address, 50000))
        browser.headers["Host"] = HOST  # A WebSocket would say another name.
        browser.event_hooks["response"].append(insist_on_documented)
        return browser

    def person(self, name: str = "Ana") -> TestClient:
        """Somebody who has long had an account, signed in."""
        with self.site.database.write() as connection:
            person = people.add(connection, name, _hashed(), self.clock())
            dispensers.add(connection, person.id, default=True)
        return self._with_session(open_session(self.site, person))

    def newcomer(self, name: str = "Ana") -> TestClient:
        """Somebody who registers now, signed in."""
        person = accounts.register(self.site, name, PASSWORD, "192.0.2.1")
        return self._with_session(open_session(self.site, person))

    def member(self, owner: TestClient, name: str = "Caio") -> TestClient:
        """Somebody who was invited into the owner's kitchen, signed in."""
        somebody = self.person(name)
        code = owner.post("/casa/convites").json()[w.CODE]
        joined = somebody.post("/casa/entrar", json={w.INVITATION: code})
        assert joined.status_code == 200, joined.text
        return somebody

    def signed_in(self, name: str) -> TestClient:
        """Another browser of the same person."""
        _, token = accounts.sign_in(self.site, name, PASSWORD, "192.0.2.1")
        return self._with_session(token)

    def _with_session(self, token: str) -> TestClient:
        browser = self.browser()
        browser.cookies.set(COOKIE, token)
        return browser

    def board(self, owner: TestClient, uid: str = "board-1") -> TestClient:
        """A dispenser that was claimed with a code of the owner's."""
        code = owner.post("/devices/claims", json={w.FORMAT: w.LONG_FORMAT}).json()[w.CODE]
        return self.claimed(code, uid)

    def claimed(self, code: str, uid: str) -> TestClient:
        """A dispenser that was claimed with this code."""
        board = self.browser(address="192.0.2.7")
        answer = board.post("/devices/claim", json={w.UID: uid, w.CLAIM_CODE: code})
        assert answer.status_code == 200, answer.text
        board.headers["Authorization"] = f"Bearer {answer.json()[w.DEVICE_TOKEN]}"
        return board

    def close(self) -> None:
        """Give the database back, and leave the program to the next."""
        self.site.alerting.close()
        self.site.database.close()
        self._idle.append(self.app)
