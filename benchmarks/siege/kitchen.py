"""The server that is besieged: a process with a kitchen, members, a dispenser and a job."""

import os
import secrets
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from yaguts.app import open_site
from yaguts.domain.people import Actor, Person
from yaguts.services.dispensers import pairing, pairing_codes
from yaguts.services.jobs import orders
from yaguts.services.pantry import recipes
from yaguts.services.people.passwords import hash_password
from yaguts.services.people.sessions import open_session
from yaguts.services.runtime.context import Site
from yaguts.services.tryout.examples import furnish
from yaguts.settings import Settings
from yaguts.storage import dispensers, people
from yaguts.storage.db.migrate import upgrade
from yaguts.storage.households import add_member

MEMBERS = 20


@dataclass(frozen=True)
class BesiegedServer:
    """The process, its port and log, and who is known there."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path
    dispenser_token: str
    member_tokens: tuple[str, ...]

    def memory_mb(self) -> float:
        """The most memory that the process has had."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
        [line] = [line for line in status.splitlines() if line.startswith("VmHWM")]
        return int(line.split()[1]) / 1024

    def cpu_s(self) -> float:
        """The processor time that the process has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text("ascii").rsplit(") ")[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def log_lines(self) -> int:
        """How many lines the server has written."""
        return self.log.read_bytes().count(b"\n")


@contextmanager
def besieged_server() -> Generator[BesiegedServer]:
    """Start `yaguts serve` in a new folder, on a free port of this computer, and stop it."""
    with TemporaryDirectory(prefix="yaguts-siege-") as made:
        folder = Path(made)
        dispenser_token, member_tokens = _furnished(folder)
        log = folder / "server.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "yaguts.cli", "serve", "--port", "0"],
                env={**os.environ, "YAGUTS_DATA": made},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=output,
            )
        assert process.stdout is not None
        try:
            said = process.stdout.readline().decode()
            port = int(said.rsplit(":", 1)[1])
            yield BesiegedServer(process, port, log, dispenser_token, member_tokens)
        finally:
            process.kill()
            process.communicate()


def _furnished(folder: Path) -> tuple[str, tuple[str, ...]]:
    """Fill a new database. Returns the dispenser's token and the sessions of the members."""
    url = f"sqlite:///{folder / 'yaguts.db'}"
    upgrade(url)
    site = open_site(Settings(url, data_folder=folder), _now, secrets.token_bytes)
    try:
        owner = _person(site, "Ana")
        furnish(site, owner.kitchen_id, Actor(owner.id))
        code = pairing_codes.new_code(site, owner.kitchen_id, long=True).text
        paired = pairing.pair(site, "siege-board", code, "127.0.0.1", {})
        [recipe, *_] = recipes.search(site, owner.kitchen_id, "", 1, 0)
        wanted = orders.Order(recipe.id, 1, by_hand=True)
        orders.order(site, owner.kitchen_id, wanted, Actor(owner.id))
        members = [_person(site, f"Pessoa {number}", owner) for number in range(MEMBERS)]
        return paired.token, tuple(open_session(site, member) for member in members)
    finally:
        site.database.close()


def _person(site: Site, name: str, owner: Person | None = None) -> Person:
    hashed = hash_password("nobody guesses it", site.randomness)
    with site.database.write() as connection:
        person = people.add(connection, name, hashed, site.clock())
        dispensers.add(connection, person.kitchen_id, default=True)
        if owner is not None:
            add_member(connection, owner.kitchen_id, person.id, site.clock())
        return people.find(connection, person.id)


def _now() -> datetime:
    return datetime.now(UTC)
