"""Pictures of every page: `python -m tests.browser.screens FOLDER`, or `make screens`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.window import FLAGS, TWO_LOOKS, Look, Window
from tests.components import chromium
from tests.end_to_end.kitchen import Dispenser, Person, Server, eventually

RECIPES = [
    ("Feijão de todo dia", 4, {"Sal": 6, "Pimenta": 1.5, "Cominho": 2}),
    ("Frango de forno", 6, {"Sal": 9, "Páprica doce": 4.5, "Alho em pó": 6, "Pimenta": 2}),
    ("Molho de tomate", 4, {"Sal": 4.5, "Orégano": 3}),
    ("Ovos mexidos", 2, {"Sal": 1.2, "Pimenta": 0.4}),
    ("Carne de panela", 8, {"Sal": 12, "Pimenta": 3, "Cominho": 4, "Louro": 1}),
]
STOCKS = [82.4, 7.5, 64.0, 48.0]


class Kitchen:
    """A kitchen in which something has happened, and the addresses of its pages."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.person = Person(server, "Ana")
        self.person.furnish()
        self.recipes = [self._write(*recipe) for recipe in RECIPES]
        stocks = [{"frasco": n, "estoque_g": g} for n, g in enumerate(STOCKS, start=1)]
        self.person.http.put("/config/robo", json=stocks).raise_for_status()
        self.board = Dispenser(server, folder, self.person.code(), "cpython", "virtual-1")
        self.board.start()
        eventually(self.person.online)

    def before(self) -> dict[str, str]:
        """Pages that show a dispenser at rest: what they are called, and where they are."""
        return {
            "cook": f"/app/recipes/{self.recipes[0]}?people=4",
            "not-yet": f"/app/recipes/{self.recipes[4]}",
        }

    def cook(self) -> dict[str, str]:
        """Dispense, well and badly; the other pages."""
        eggs, sauce = self.recipes[3], self.recipes[2]
        self._dispense(eggs, 2)
        self.board.plant({"3": "no_flow"})
        partly = self._dispense(sauce, 1)
        self.board.plant({})
        running = self.person.order(sauce, 8)["id"]
        eventually(lambda: self.person.job(running)["itens"][0]["dispensado_g"])
        return {
            "watch": f"/app/jobs/{running}",
            "kitchen": "/app/",
            "result": f"/app/jobs/{partly}",
            "history": "/app/history",
            "jars": "/app/jars",
            "jar": "/app/dispensers/1/jars/2?open=refill",
            "recipe": f"/app/recipes/{self.recipes[0]}/edit",
            "settings": "/app/settings",
            "dispenser": "/app/dispensers/1",
        }

    def _write(self, name: str, portions: int, grams: dict[str, float]) -> int:
        parts = [{"tempero": spice, "quantidade": g} for spice, g in grams.items()]
        body = {"nome": name, "porcoes": portions, "ingredientes": parts}
        return self.person.http.post("/receitas/", json=body).raise_for_status().json()["id"]

    def _dispense(self, recipe: int, people: int) -> int:
        return self.person.finished(self.person.order(recipe, people)["id"])["id"]


def main(folder: Path) -> None:
    """Take all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as place:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for look in TWO_LOOKS:
            corner = Path(place) / str(look)
            corner.mkdir()
            server = Server(corner)
            server.start()
            try:
                picture_all(browser, server, corner, look, folder)
            finally:
                server.kill()
        browser.close()


def picture_all(browser: Browser, server: Server, corner: Path, look: Look, folder: Path) -> None:
    """The pages of one kitchen, in one look."""
    kitchen = Kitchen(server, corner)
    try:
        window = Window(browser, server, look)
        window.go("/app/sign-in")
        picture(window, folder, "sign-in")
        window.take_cookies(kitchen.person)
        for pages in (kitchen.before, kitchen.cook):
            for name, path in pages().items():
                window.go(path)
                picture(window, folder, name)
        window.go("/app/dispensers/pair")
        window.page.locator("button.big").click()
        expect(window.page.locator(".code")).to_be_visible()
        picture(window, folder, "pair")
        window.close()
    finally:
        kitchen.board.kill()
        kitchen.person.http.close()


def picture(window: Window, folder: Path, name: str) -> None:
    """What the window shows."""
    window.page.wait_for_timeout(700)  # for the jars to come to rest
    window.page.screenshot(path=folder / f"{name}-{window.look.size}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
