"""Pictures of every page: `python -m tests.support.browser.screens FOLDER`, or `make screens`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from tests.support.browser.past import cook_for_weeks
from tests.support.browser.window import FLAGS, TWO_LOOKS, Look, Window
from tests.support.components import chromium
from tests.support.processes.kitchen import NO_MOTOR_PAUSES, Dispenser, Person, Server, eventually

RECIPES = [
    ("Feijão de todo dia", 4, {"Sal": 6, "Pimenta": 1.5, "Cominho": 2}),
    ("Frango de forno", 6, {"Sal": 9, "Páprica doce": 4.5, "Alho em pó": 6, "Pimenta": 2}),
    ("Molho de tomate", 4, {"Sal": 4.5, "Orégano": 3}),
    ("Ovos mexidos", 2, {"Sal": 1.2, "Pimenta": 0.4}),
    ("Carne de panela", 8, {"Sal": 12, "Pimenta": 3, "Cominho": 4, "Louro": 1}),
]
STOCKS = [82.4, 7.5, 64.0, 48.0]
LONG_NAME = "Molho de tomate da avó Marieta, com manjericão e um nadinha de pimenta-do-reino"


class Kitchen:
    """A kitchen with a history, and the addresses of its pages."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.person = Person(server, "Ana")
        self.recipes = [self._write(*recipe) for recipe in RECIPES]
        me = self.person.http.get("/auth/me").json()["id"]
        cook_for_weeks(f"sqlite:///{folder}/yaguts.db", me, self.recipes)
        self.person.http.put("/config/motor", json=NO_MOTOR_PAUSES).raise_for_status()
        stocks = [{"frasco": n, "estoque_g": g} for n, g in enumerate(STOCKS, start=1)]
        self.person.http.put("/config/robo", json=stocks).raise_for_status()
        self.person.http.put("/devices/1/name", json={"nome": "Bancada"}).raise_for_status()
        self.person.http.put("/devices/1", json={"aceita_fila": True}).raise_for_status()
        self.board = Dispenser(server, folder, self.person.code(), "cpython", "virtual-1")
        self.board.start()
        eventually(self.person.online)

    def before(self) -> dict[str, str]:
        """The pages that show an idle dispenser: their names and addresses."""
        cumin = "/app/dispensers/1/jars/4/calibration"
        for seconds, scale in ((2, "1,96"), (5, "5,07"), (8, "8,01")):
            self._calibrate(cumin, seconds, scale)
        return {
            "calibration": cumin,
            "cleaning": "/app/dispensers/1/cleaning",
            "cook": f"/app/recipes/{self.recipes[0]}?people=4",
            "not-yet": f"/app/recipes/{self.recipes[1]}",
            "by-hand": f"/app/recipes/{self.recipes[4]}?people=8&hand=yes",
            "rest": "/app/",
        }

    def cook(self) -> dict[str, str]:
        """Dispense with and without a failure, and return the other pages."""
        eggs, sauce = self.recipes[3], self.recipes[2]
        self._dispense(eggs, 2)
        self.board.plant({"3": "no_flow"})
        partly = self._dispense(sauce, 1)
        self.board.plant({})
        running = self.person.order(sauce, 8)["id"]
        self.person.order(eggs, 4)
        eventually(lambda: self.person.job(running)["itens"][0]["dispensado_g"])
        return {
            "watch": f"/app/jobs/{running}",
            "kitchen": "/app/",
            "result": f"/app/jobs/{partly}",
            "history": "/app/history",
            "jars": "/app/jars",
            "labels": "/app/jars/labels",
            "jar": "/app/dispensers/1/jars/2?open=refill",
            "choose-jar": "/app/dispensers/1/jars?spice=Canela",
            "recipe": f"/app/recipes/{self.recipes[0]}/edit",
            "delete": f"/app/recipes/{self.recipes[0]}/delete",
            "dispenser": "/app/dispensers/1",
            "unlink": "/app/dispensers/1/unlink",
            "nowhere": "/app/nowhere",
        }

    def away(self) -> dict[str, str]:
        """Silence the dispenser while it pours, and add names too long for a phone."""
        eventually(lambda: self.person.http.get("/jobs/active").json()["active"] is None)
        adrift = self.person.order(self.recipes[2], 20)["id"]
        eventually(lambda: self.person.job(adrift)["itens"][0]["dispensado_g"])
        self.board.kill()
        many = dict.fromkeys(("Sal", "Manjericão", "Louro", "Cravo", "Cúrcuma", "Alecrim"), 1.0)
        long = self._write(LONG_NAME, 4, many)
        self.person.http.put("/devices/1/name", json={"nome": LONG_NAME[:60]}).raise_for_status()
        return {
            "adrift": f"/app/jobs/{adrift}",
            "long-name": f"/app/recipes/{long}?people=100",
            "search": "/app/?q=mole",
            "offline": "/app/offline",
        }

    def _write(self, name: str, portions: int, grams: dict[str, float]) -> int:
        parts = [{"tempero": spice, "quantidade": g} for spice, g in grams.items()]
        body = {"nome": name, "porcoes": portions, "ingredientes": parts}
        return self.person.http.post("/receitas/", json=body).raise_for_status().json()["id"]

    def _calibrate(self, page: str, seconds: int, scale: str) -> None:
        """Make one calibration run and weigh it."""
        self.person.http.post(f"{page}/run", data={"seconds": str(seconds)})
        run = self.person.http.get("/jobs/active").json()["active"]["id"]
        self.person.finished(run)
        self.person.http.post(f"{page}/weigh", data={"job": str(run), "amount": scale})

    def _dispense(self, recipe: int, people: int) -> int:
        return self.person.finished(self.person.order(recipe, people)["id"])["id"]


def main(folder: Path) -> None:
    """Take all pictures."""
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
    """Picture the pages of one kitchen in one look."""
    kitchen = Kitchen(server, corner)
    try:
        window = Window(browser, server, look)
        window.forgiven = ["404"]
        for name in ("sign-in", "register"):
            window.go(f"/app/{name}")
            picture(window, folder, name)
        window.take_cookies(kitchen.person)
        for pages in (kitchen.before, kitchen.cook, kitchen.away):
            for name, path in pages().items():
                window.go(path)
                picture(window, folder, name)
        picture_by_button(window, folder, "link", "/app/dispensers/pair", "button.big", "pair")
        invite = "form[action$='/invitations'] button"
        picture_by_button(window, folder, "settings", "/app/settings", invite, "invitation")
        join(window, folder, Person(server, "Bia"))
        window.take_cookies(kitchen.person)
        places = {"household": "/app/settings", "trail": "/app/trail"}
        for name, path in (places | {"alerts": "/app/settings/alerts"}).items():
            window.go(path)
            picture(window, folder, name)
        window.close()
    finally:
        kitchen.board.kill()
        kitchen.person.http.close()


def picture_by_button(
    window: Window, folder: Path, before: str, path: str, button: str, after: str
) -> None:
    """Picture the page that a button on another page leads to."""
    window.go(path)
    picture(window, folder, before)
    window.page.locator(button).first.click()
    expect(window.page.locator(".qr")).to_be_visible()
    picture(window, folder, after)


def join(window: Window, folder: Path, newcomer: Person) -> None:
    """Picture how a person with a kitchen of their own is asked to join."""
    invitation = window.page.locator("pre code").inner_text()
    window.take_cookies(newcomer)
    for name, path in {"first-run": "/app/", "join": invitation}.items():
        window.go(path)
        picture(window, folder, name)
    window.page.locator("button.big").click()
    window.page.wait_for_url("**/app/**")
    newcomer.http.close()


def picture(window: Window, folder: Path, name: str) -> None:
    """Picture what the window shows."""
    if name == "adrift":
        expect(window.page.locator(".calm")).to_be_visible(timeout=60_000)
    window.page.wait_for_timeout(700)  # The jars move until then.
    window.page.screenshot(path=folder / f"{name}-{window.look.size}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
