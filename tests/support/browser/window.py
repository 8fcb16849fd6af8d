"""A browser window that fails the test for errors and policy violations of the page."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from _pytest.mark import ParameterSet
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Response

from tests.support.processes.kitchen import Person, Server

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"phone": (390, 844), "desk": (1280, 800)}


@dataclass(frozen=True, slots=True)
class Look:
    """The size, theme and language of a window, and whether it runs scripts."""

    size: str = "phone"
    theme: str = "light"
    language: str = "pt-BR"
    scripts: bool = True
    still: bool = False

    def __str__(self) -> str:
        return f"{self.size}-{self.theme}-{self.language}"


TWO_LOOKS = [Look(), Look("desk", "dark", "en")]
"""Together they cover every size, theme and language."""
_LOOKS = [
    Look(),
    Look("phone", "dark", "en"),
    Look("desk", "light", "en"),
    Look("desk", "dark", "pt-BR"),
]
"""Each size, theme and language with each of the others."""


def every_look(*, still: bool = False) -> list[Look | ParameterSet]:
    """The parameters of a test of looks: one in `make test`, the others in `make test-more`."""
    first, *others = (replace(look, still=still) for look in _LOOKS)
    return [first, *(pytest.param(look, marks=pytest.mark.more) for look in others)]


class Window:
    """One browser profile with one page in it."""

    def __init__(self, browser: Browser, server: Server, look: Look) -> None:
        self.server, self.look = server, look
        width, height = SIZES[look.size]
        self.context = browser.new_context(
            base_url=server.address,
            viewport={"width": width, "height": height},
            color_scheme=look.theme,  # type: ignore[arg-type]
            locale=look.language,
            java_script_enabled=look.scripts,
            reduced_motion="reduce" if look.still else "no-preference",
            has_touch=look.size == "phone",
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.complaints: list[str] = []
        self.forgiven: list[str] = []
        self.page.on("console", self._note_message)
        self.page.on("pageerror", self._note_error)
        self.page.on("response", self._note_answer)
        for way in ("goto", "reload", "go_back"):
            setattr(self.page, way, self._settled(getattr(self.page, way)))

    def _settled(self, go: Callable[..., Any]) -> Callable[..., Any]:
        """Leave the page when no form is on its way from it, as a person would."""

        def leave(*given: Any, **named: Any) -> Any:
            self.wait_for_forms()
            return go(*given, **named)

        return leave

    def wait_for_forms(self) -> None:
        """Wait until every form that was sent from the page has its answer."""
        self.page.locator("html[data-sending]").wait_for(state="detached")

    def take_cookies(self, person: Person) -> None:
        """Sign in as the person."""
        cookies: list[Any] = [
            {"name": name, "value": value, "url": self.server.address}
            for name, value in person.http.cookies.items()
        ]
        self.context.add_cookies(cookies)

    def go(self, path: str) -> Page:
        """Open one of our pages, which must fit the window's width."""
        self.page.goto(path)
        self.insist_on_fitting()
        return self.page

    def insist_on_fitting(self) -> None:
        """Check that the page needs no sideways scrolling."""
        if self.look.scripts:
            self.wait_for_forms()
            wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert self.page.evaluate(wide) <= 0, f"{self.page.url} is too wide"

    def close(self) -> None:
        """Close the window. Fails if the page broke its policy or had errors."""
        self.context.close()
        left = [c for c in self.complaints if not any(word in c for word in self.forgiven)]
        assert left == [], left

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def _note_error(self, error: Error) -> None:
        self.complaints.append(f"uncaught: {error}")

    def _note_answer(self, answer: Response) -> None:
        if answer.status >= 500:
            self.complaints.append(f"{answer.status}: {answer.url}")
