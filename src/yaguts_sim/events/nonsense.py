"""Nonsense, which must change nothing but what it is about (I9).

Invalid requests get an error. Reports are answered 200 whatever they say, and are kept at most.
What garbage does to the job that it is about is tried by a fault of the network.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from yaguts_sim.checkers.online import OnlineChecker
from yaguts_sim.server.asgi import ServerAnswer
from yaguts_sim.setup.kitchen import SimKitchen
from yaguts_sim.setup.people import ask
from yaguts_wire import words as w

_TABLES = ("jobs", "job_items", "movements", "jars")
_UNKNOWN = 2_000_000_000
"""No job has this id."""


@dataclass(frozen=True, slots=True)
class Nonsense:
    """A request with nonsense. `is_report`: it is answered 200, and may be kept."""

    what: str
    target: str
    body: object
    bearer: str
    is_report: bool = False


def send_nonsense(kitchen: SimKitchen, checker: OnlineChecker) -> None:
    """Send nonsense about the latest job and about none."""
    found = kitchen.host.rows(
        "SELECT id, key, reported, dispenser_id FROM jobs ORDER BY id DESC LIMIT 1"
    )
    if not found:
        return
    job_id, key, reported, device = found[0]
    board = kitchen.initial.device_ids.index(device)
    token, stranger = kitchen.initial.tokens[board], kitchen.initial.tokens[1 - board]
    mine, other = f"Bearer {token}", f"Bearer {stranger}"
    for one in (board, 1 - board):
        checker.places.heard(one)
    nonsense = [
        *_requests(job_id, key, mine, other),
        *_reports(kitchen, job_id, mine, other),
        *(_repeats(kitchen, job_id, key, mine) if reported else ()),
    ]
    before = _content(kitchen)
    for one in nonsense:
        answer = ask(
            kitchen.host.server, "POST", one.target, one.body, ("authorization", one.bearer)
        )
        _insist_on_answer(checker, one, answer)
        after = _content(kitchen)
        if after != before:
            checker.report("I9", f"{one.what} changed something")
        before = after


def _requests(job_id: int, key: str, mine: str, other: str) -> list[Nonsense]:
    """What is refused."""
    nobody = "Bearer nobody"
    complete, accept = f"/devices/me/jobs/{job_id}/complete", f"/devices/me/jobs/{job_id}/accept"
    return [
        Nonsense("a report without a token", complete, _report(key, {}), nobody),
        Nonsense("an acceptance with another key", accept, {w.JOB_KEY: "f" * 32}, mine),
        Nonsense("an acceptance without a token", accept, {w.JOB_KEY: key}, nobody),
        Nonsense("an acceptance that is a list", accept, [], mine),
        Nonsense("another dispenser's acceptance", accept, {w.JOB_KEY: key}, other),
        Nonsense("half an acceptance", accept, b'{"job_key": "', mine),
        Nonsense("an order for minus one", "/jobs", {w.RECIPE_ID: 1, w.PEOPLE: -1}, nobody),
    ]


def _reports(kitchen: SimKitchen, job_id: int, mine: str, other: str) -> list[Nonsense]:
    """Reports that are about no job, or about another dispenser's."""
    honest = _doses(kitchen, job_id)
    complete, status = f"/devices/me/jobs/{job_id}/complete", f"/devices/me/jobs/{job_id}/status"
    unknown = f"/devices/me/jobs/{_UNKNOWN}/complete"
    negative = {**honest, w.QUANTITY_G: -50}
    told = _report(None, honest)
    return [
        Nonsense("another dispenser's report", complete, told, other, is_report=True),
        Nonsense("another dispenser's word", status, {w.STATUS: w.DONE}, other, is_report=True),
        Nonsense("another dispenser's garbage", complete, b"\xff", other, is_report=True),
        Nonsense("a report of no job", unknown, _report(None, negative), mine, is_report=True),
        Nonsense("garbage about no job", unknown, b'{"job_key": "', mine, is_report=True),
        Nonsense(
            "garbage with another key", complete, _report("f" * 32, negative), mine, is_report=True
        ),
    ]


def _repeats(kitchen: SimKitchen, job_id: int, key: str, mine: str) -> list[Nonsense]:
    """A repeated report may say anything once the job's report is booked."""
    complete = f"/devices/me/jobs/{job_id}/complete"
    negative = {**_doses(kitchen, job_id), w.QUANTITY_G: -50}
    return [
        Nonsense("a repeat of negative grams", complete, _report(key, negative), mine, True),
        Nonsense("a repeat without a key", complete, _report(None, negative), mine, True),
        Nonsense("a repeat that is garbage", complete, b"\x00\xff", mine, True),
    ]


def _doses(kitchen: SimKitchen, job_id: int) -> dict[str, object]:
    """What an honest report would say of the job's first dose."""
    doses = kitchen.host.rows(
        "SELECT item_order, jar, spice, quantity_mg FROM job_items WHERE job_id = ?", job_id
    )
    order, jar, spice, quantity = doses[0] if doses else (1, 1, "Sal", 1000)
    entry = {w.ITEM_ORDER: order, w.JAR: jar, w.SPICE: spice, w.SECONDS: 1, w.STATUS: w.DONE}
    return {**entry, w.QUANTITY_G: quantity / 1000, w.AT_LEAST_G: quantity / 1000}


def _report(key: str | None, entry: Mapping[str, object]) -> dict[str, object]:
    return {w.JOB_KEY: key, w.COMPLETED: 1, w.FAILED_COUNT: 0, w.LOGS: [entry]}


def _insist_on_answer(checker: OnlineChecker, one: Nonsense, answer: ServerAnswer | None) -> None:
    if answer is None or answer.status == 503:
        return
    unknown = one.is_report and answer.status == 401  # a token from before a restore or a reset
    right = answer.status == 200 if one.is_report else 400 <= answer.status < 500
    if not (right or unknown):
        checker.report("I9", f"{one.what} was answered {answer.status} {answer.body[:80]!r}")


def _content(kitchen: SimKitchen) -> list[object]:
    return [kitchen.host.rows(f"SELECT * FROM {table}") for table in _TABLES]
