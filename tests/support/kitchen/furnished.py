"""A household in which somebody can cook: jars filled, a board linked, a recipe to order."""

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from typing import Any

from starlette.testclient import TestClient

from tests.support.builders import SPICES, a_report
from tests.support.kitchen.callers import caller
from tests.support.kitchen.household import Household, StoppedClock
from yaguts.domain.dispenser import Dispenser
from yaguts.domain.jobs.job import Job
from yaguts.domain.jobs.report import Report
from yaguts.domain.people import Actor, Person
from yaguts.domain.recipe import Ingredient, Jar, Recipe
from yaguts.domain.units import Milligrams
from yaguts.http.access import COOKIE
from yaguts.services.delivery import handover, reports
from yaguts.services.jobs import orders
from yaguts.services.people.sessions import open_session
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.tokens import new_token, token_hash
from yaguts.storage import dispensers, ledger, people, recipes
from yaguts.storage import jars as jar_rows
from yaguts.storage import jobs as job_rows

FULL = Milligrams(100_000)


class Furnished:
    """One person, her default dispenser with four full jars that pour 1 g/s, and its board."""

    def __init__(self, home: Household, name: str = "Ana") -> None:
        self.home = home
        self.site: Site = home.site
        self.clock: StoppedClock = home.clock
        with self.site.database.write() as connection:
            self.person: Person = people.add(connection, name, "a hash", self.clock())
            dispenser = dispensers.add(connection, self.person.id, default=True)
            self.token = new_token(self.site.randomness)
            hashed, uid = token_hash(self.token), f"board of {name}"
            dispensers.pair(connection, dispenser.id, uid, hashed, self.clock())
            for number, spice in enumerate(SPICES[:4], start=1):
                columns = {"label": spice, "rate_ug_s": 1_000_000}
                jar_rows.change(connection, dispenser.id, number, columns, self.clock())
                ledger.correct(connection, dispenser.id, number, FULL, self.clock())
        self.dispenser_id = dispenser.id
        self.actor = Actor(self.person.id)

    @property
    def dispenser(self) -> Dispenser:
        """The default dispenser as it calls now, with its valid token."""
        return caller(self.site, self.dispenser_id)

    def configure(self, **settings: Any) -> None:
        """Change settings of the server, for calls of services with `site`."""
        self.site = replace(self.site, settings=replace(self.site.settings, **settings))

    def at(self, home: Household) -> "Furnished":
        """The same kitchen, seen from another server on the same database."""
        seen = copy(self)
        seen.home, seen.site, seen.clock = home, home.site, home.clock
        return seen

    def another_board(self) -> str:
        """The token of a second dispenser of the same person."""
        token = new_token(self.site.randomness)
        with self.site.database.write() as connection:
            second = dispensers.add(connection, self.person.id, default=False)
            dispensers.pair(connection, second.id, "second board", token_hash(token), self.clock())
        return token

    def revoke_token(self, *, is_renewed: bool) -> None:
        """Revoke the default dispenser's token: another one takes its place, or none does."""
        with self.site.database.write() as connection:
            if is_renewed:
                dispensers.offer_token(connection, self.dispenser_id, "another hash")
                dispensers.take_over(connection, "another hash", self.clock())
            else:
                dispensers.unpair(connection, self.dispenser_id)

    def recipe(self, **grams: float) -> int:
        """A recipe for one portion: `recipe(Sal=4.5)`."""
        ingredients = tuple(
            Ingredient(spice, Milligrams(round(amount * 1000)))
            for spice, amount in (grams or {"Sal": 4.5}).items()
        )
        with self.site.database.write() as connection:
            wanted = Recipe("Arroz", 1, ingredients, kitchen_id=self.person.id)
            return recipes.add(connection, wanted, self.clock()).id

    def order(self, people: int = 1, **grams: float) -> Job:
        """An order of a new recipe."""
        wanted = orders.Order(self.recipe(**grams), people)
        return orders.order(self.site, self.person.id, wanted, by=self.actor)

    def started(self, **grams: float) -> Job:
        """An order that a dispenser with firmware 0.2 has accepted."""
        job = self.order(**grams)
        handover.offer(self.site, self.dispenser)
        handover.accept(self.site, self.dispenser, job.id, job.key)
        return self.job(job.id)

    def fetched(self, **grams: float) -> Job:
        """An order that a dispenser with firmware 0.1 has fetched."""
        self.order(**grams)
        job = handover.fetch(self.site, self.dispenser)
        assert job is not None
        return job

    def report(
        self,
        job: Job,
        report: Report | None = None,
        key: str | None = None,
        body_hash: str = "0" * 64,
        **facts: object,
    ) -> Job | None:
        """Have the dispenser report the job; without a report: all is done."""
        received = reports.Received(report or a_report(job), key, body_hash, facts)
        return reports.complete(self.site, self.dispenser, job.id, received)

    def job(self, job_id: int) -> Job:
        """The job as it is stored."""
        with self.site.database.read() as connection:
            return job_rows.find(connection, job_id)

    def jar(self, number: int = 1) -> Jar:
        """One of the jars."""
        with self.site.database.read() as connection:
            return dispensers.jars_of(connection, self.dispenser_id)[number - 1]

    def stocks(self) -> list[tuple[int | None, int]]:
        """What is in each jar and what is held of it; the ledger's sums must say the same."""
        with self.site.database.read() as connection:
            jars = dispensers.jars_of(connection, self.dispenser_id)
        return [(jar.stock, jar.held) for jar in jars]

    def browser(self) -> TestClient:
        """The person's, signed in."""
        browser = self.home.browser()
        browser.cookies.set(COOKIE, open_session(self.site, self.person))
        return browser

    def board(self, token: str | None = None) -> TestClient:
        """A dispenser: the default one, or that with the token."""
        board = self.home.browser(address="192.0.2.7")
        board.headers["Authorization"] = f"Bearer {token or self.token}"
        return board


def a_log(job: Mapping[str, Any], failed: tuple[int, ...] = ()) -> dict[str, Any]:
    """What firmware 0.1 from 0.1.4 on reports of a job it fetched."""
    logs = [
        {
            "item_ordem": dose["ordem"],
            "frasco": dose["frasco"],
            "tempero": dose["tempero"],
            "quantidade_g": dose["quantidade_g"],
            "segundos": dose["segundos"],
            "status": "failed" if dose["ordem"] in failed else "done",
        }
        for dose in job["itens"]
    ]
    wrong = sum(entry["status"] == "failed" for entry in logs)
    return {
        "itens_completados": len(logs) - wrong,
        "itens_falhados": wrong,
        "execution_logs": logs,
    }
