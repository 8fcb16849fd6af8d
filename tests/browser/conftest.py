"""One Chromium for the tests of a file, and one window for each test."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.browser.window import FLAGS, Look, Window
from tests.support.components import chromium
from tests.support.processes.kitchen import (
    Dispenser,
    Person,
    Server,
    furnished_person,
    running_server,
)

_numbers = count(1)
Open = Callable[..., Window]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium a file: while Playwright runs, no other event loop can run in this thread."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the tests of a file."""
    with running_server(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def person(server: Server) -> Iterator[Person]:
    """A new person with four full and calibrated jars."""
    with furnished_person(server, f"Ana {next(_numbers)}") as person:
        yield person


@pytest.fixture
def open_on(browser: Browser) -> Iterator[Callable[[Server, Look], Window]]:
    """A function that opens a window on a server, without a session."""
    opened: list[Window] = []

    def open_one(server: Server, look: Look) -> Window:
        opened.append(Window(browser, server, look))
        return opened[-1]

    yield open_one
    for window in opened:
        window.close()


@pytest.fixture
def open_window(open_on: Callable[[Server, Look], Window]) -> Open:
    """A function that opens a window in which the person is signed in."""

    def open_one(person: Person, look: Look | None = None) -> Window:
        window = open_on(person.server, look or Look())
        window.take_cookies(person)
        return window

    return open_one


@pytest.fixture
def board(person: Person, tmp_path: Path) -> Iterator[Dispenser]:
    """The person's dispenser, paired and running."""
    uid = f"virtual-{next(_numbers)}"
    board = Dispenser(person.server, tmp_path, person.code(), "cpython", uid)
    board.start()
    yield board
    board.kill()
