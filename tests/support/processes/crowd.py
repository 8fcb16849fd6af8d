"""Kitchens that keep a server busy, and know which of their reports it has answered."""

import json
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from random import Random
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any

from tests.support.kitchen.furnished import Furnished, a_log
from tests.support.kitchen.household import StoppedClock
from yaguts.http.access import COOKIE
from yaguts.services.people.sessions import open_session
from yaguts.services.runtime.context import Site

TIMEOUT_S = 60
"""Who gives up earlier may order twice. A server that is killed cuts its connections at once."""
TRY_AGAIN_S = 0.02
NO_ANSWER = (502, 504)
"""A proxy says so of a server that is gone: whoever asked asks again."""
CUT_OFF = 0
"""Stands for the status of a call that came to nothing."""
Answer = tuple[int, Any]


@dataclass
class Cook:
    """One kitchen: somebody who orders again and again, and the dispenser that reports.

    `ordered`: the jobs whose order was answered. `answered`: the milligrams that fell in each job
    whose report was answered with 200. `statuses`: how often each call had each status.
    """

    port: int
    cookie: str
    token: str
    recipe_id: int
    random: Random
    enough: Event
    ordered: set[int] = field(default_factory=set[int])
    answered: dict[int, int] = field(default_factory=dict[int, int])
    unexpected: list[Answer] = field(default_factory=list[Answer])
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter[tuple[str, int]])

    def work(self) -> None:
        """Order, accept, report, until it is enough; a report is sent until it is answered."""
        while not self.enough.is_set():
            people = self.random.randint(1, 3)
            status, job = self.person(
                "POST", "/jobs", {"receita_id": self.recipe_id, "pessoas_solicitadas": people}
            )
            if status == 201:
                self.ordered.add(job["id"])
            self.pour_next()

    def pour_next(self) -> bool:
        """Fetch, accept and report a job. Whether there was one."""
        status, job = self.board("GET", "/devices/me/next_job")
        if status != 200:
            return False
        accept = f"/devices/me/jobs/{job['id']}/accept"
        if self.board("POST", accept, {"job_key": job["job_key"]})[0] == 200:
            self.report(job)
        return True

    def report(self, job: dict[str, Any]) -> None:
        said = a_log(job, failed=(self.random.randint(1, 2),)) | {"job_key": job["job_key"]}
        done = [one for one in said["execution_logs"] if one["status"] == "done"]
        fell = sum(round(one["quantidade_g"] * 1000) for one in done)
        for _ in range(self.random.randint(1, 3)):
            answer = self.board("POST", f"/devices/me/jobs/{job['id']}/complete", said)
            if answer[0] != 200:
                self.unexpected.append(answer)
            self.answered[job["id"]] = fell

    def person(self, method: str, path: str, body: Any = None) -> Answer:
        return self.call(method, path, body, {"Cookie": f"{COOKIE}={self.cookie}"})

    def board(self, method: str, path: str, body: Any = None) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}", "Yaguts-Holding": ""}
        return self.call(method, path, body, headers)

    def call(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer:
        """The answer, once there is one: whoever gets none asks again."""
        content = None if body is None else json.dumps(body)
        called = path.rsplit("/", 1)[1]
        while True:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_S)
            try:
                sent = {"Content-Type": "application/json", **headers}
                connection.request(method, path, content, sent)
                with connection.getresponse() as answer:
                    text = answer.read()
                self.statuses[called, answer.status] += 1
                if answer.status not in NO_ANSWER:
                    return answer.status, json.loads(text) if text else None
                self.enough.wait(TRY_AGAIN_S)
            except (OSError, HTTPException):
                self.statuses[called, CUT_OFF] += 1
                self.enough.wait(TRY_AGAIN_S)
            finally:
                connection.close()


class Crowd:
    """Several cooks, each in a thread of their own, on one database."""

    def __init__(self, site: Site, cooks: int, random: Random) -> None:
        self.enough = Event()
        self.site = site
        self.kitchens: list[Furnished] = []
        self.cooks: list[Cook] = []
        home: Any = SimpleNamespace(site=site, clock=StoppedClock())
        for number in range(cooks):
            kitchen = Furnished(home, f"Ana {number}")
            cookie = open_session(site, kitchen.person)
            recipe_id = kitchen.recipe(Sal=0.3, Pimenta=0.2)
            chance = Random(random.random())
            self.kitchens.append(kitchen)
            self.cooks.append(Cook(0, cookie, kitchen.token, recipe_id, chance, self.enough))

    def start(self, port: int) -> None:
        """Begin to call."""
        for cook in self.cooks:
            cook.port = port
        self.threads = [Thread(target=cook.work, daemon=True) for cook in self.cooks]
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """End when every report that was begun is answered."""
        self.enough.set()
        for thread in self.threads:
            thread.join()

    def pour_the_rest(self) -> None:
        """Report every job that still waits, when the crowd has stopped."""
        for cook in self.cooks:
            while cook.pour_next():
                pass

    def ordered(self) -> set[int]:
        """The jobs whose order was answered."""
        return {job for cook in self.cooks for job in cook.ordered}

    def statuses(self) -> Counter[tuple[str, int]]:
        """How often each call had each status."""
        return sum((cook.statuses for cook in self.cooks), Counter[tuple[str, int]]())

    def answered(self) -> dict[int, int]:
        """What fell in each job whose report was answered until now."""
        return {job: fell for cook in self.cooks for job, fell in list(cook.answered.items())}
