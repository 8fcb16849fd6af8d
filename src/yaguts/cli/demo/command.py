"""`yaguts demo`: a server, a virtual dispenser and a first recipe."""

import re
import secrets
import tempfile
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from rich.console import Console

from yaguts.cli.demo.client import Client, ServerRefused
from yaguts.cli.demo.dispense_view import show_job, show_result
from yaguts.cli.demo.processes import DidNotStart, end_on_signals, free_port, running, wait_for
from yaguts.cli.phones import say_for_phones
from yaguts.http.lan_addresses import bracketed, literal
from yaguts.services.tryout import examples
from yaguts_wire import words as w

PEOPLE = 2
LOOK_EVERY_S = 0.5


@dataclass(frozen=True, slots=True)
class DemoKitchen:
    """A demo under way: who is signed in where, and the recipe it starts with."""

    client: Client
    name: str
    password: str
    recipe_id: int


@click.command()
@click.option("--once", is_flag=True, help="Dispense one job, show the result and end.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Where the server listens.",
)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="0.0.0.0 lets phones open it, too."
)
def demo(once: bool, port: int, host: str) -> None:
    """Run a server with one virtual dispenser and example recipes, and dispense one of them."""
    console = Console(highlight=False)
    end_on_signals()
    with (
        _failures_named(),
        tempfile.TemporaryDirectory(prefix="yaguts-demo-") as folder,
        _kitchen(Path(folder), host, free_port(port), console) as kitchen,
    ):
        _dispense(kitchen, console)
        if not once:
            _introduce(kitchen, host, console)
            with suppress(KeyboardInterrupt):
                _follow(kitchen.client, console)


@contextmanager
def _failures_named() -> Generator[None]:
    try:
        yield
    except (DidNotStart, ServerRefused) as error:
        raise click.ClickException(str(error)) from None


@contextmanager
def _kitchen(folder: Path, host: str, port: int, console: Console) -> Generator[DemoKitchen]:
    """A server with an account, jars and recipes, and a paired virtual dispenser."""
    given = literal(host)
    near = "127.0.0.1" if given is not None and given.is_unspecified else host
    client = Client(f"http://{bracketed(near)}:{port}")
    with ExitStack() as stack:
        console.print(f"Starting a server at [bold]{client.address}[/] …")
        log = folder / "server.log"
        stack.enter_context(running(_server(host, port), _settings(folder), log))
        wait_for("The server", client.is_up, log)
        kitchen = _furnish(client, first_word(log))
        console.print("Pairing a virtual dispenser …")
        log = folder / "dispenser.log"
        code = client.post("/devices/claims", {w.FORMAT: w.LONG_FORMAT})[w.CODE]
        stack.enter_context(running(_dispenser(client, folder), {}, log, told=code))
        wait_for("The dispenser", lambda: _online(client), log)
        yield kitchen


def _settings(folder: Path) -> dict[str, str]:
    return {"YAGUTS_DATABASE_URL": f"sqlite:///{folder}/yaguts.db", "YAGUTS_REGISTRATION": "first"}


def _server(host: str, port: int) -> list[str]:
    return ["serve", "--host", host, "--port", str(port)]


def first_word(log: Path) -> str | None:
    """The word that the server wants for its first account, if others reach it."""
    found = re.search(r"needs this word: (\w+)", log.read_text())
    return None if found is None else found[1]


def _furnish(client: Client, word: str | None) -> DemoKitchen:
    example = examples.kitchen()
    name, password = example[w.NAME], secrets.token_urlsafe(9)
    who = {w.NAME: name, w.PASSWORD: password}
    client.post("/auth/register", who if word is None else who | {w.FIRST_WORD: word})
    client.post("/auth/login", who)
    recipes = [client.post("/receitas/", recipe) for recipe in example[w.RECIPES]]
    client.put("/config/robo", example[w.JARS])
    return DemoKitchen(client, name, password, recipes[0][w.ID])


def _dispenser(client: Client, folder: Path) -> list[str]:
    place = ["--server", client.address, "--uid", "virtual-1", "--flash", str(folder / "flash")]
    return ["device", "run", *place, "--claim", "-"]


def _online(client: Client) -> bool:
    return bool(client.get("/me/devices")[w.ANY_ONLINE])


def _dispense(kitchen: DemoKitchen, console: Console) -> None:
    order = {w.RECIPE_ID: kitchen.recipe_id, w.PEOPLE: PEOPLE}
    _watch(kitchen.client, kitchen.client.post("/jobs", order), console)


def _watch(client: Client, job: dict[str, Any], console: Console) -> None:
    """Show a job until it ends, then what fell and what is left."""
    before = client.get("/config/robo")
    job = show_job(lambda: client.get(f"/jobs/{job[w.ID]}"), console)
    show_result(job, before, client.get("/config/robo"), console)


def _introduce(kitchen: DemoKitchen, host: str, console: Console) -> None:
    console.print(f"\nThe server goes on at [bold]{kitchen.client.address}[/]")
    console.print(f"  name      [bold]{kitchen.name}[/]\n  password  [bold]{kitchen.password}[/]")
    say_for_phones(host, urlsplit(kitchen.client.address).port or 80, "")
    console.print("Whatever is ordered there is shown here. Ctrl-C ends the demo.\n")


def _follow(client: Client, console: Console) -> None:
    while True:
        active = client.get("/jobs/active")[w.ACTIVE]
        if active:
            _watch(client, client.get(f"/jobs/{active[w.ID]}"), console)
        time.sleep(LOOK_EVERY_S)
