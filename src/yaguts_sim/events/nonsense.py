"""Invalid requests, which must change nothing (I9): negative grams, half a JSON, another's job."""

from collections.abc import Mapping

from yaguts_sim.checkers.online import OnlineChecker
from yaguts_sim.server.asgi import ServerAnswer
from yaguts_sim.setup.kitchen import SimKitchen
from yaguts_sim.setup.people import ask
from yaguts_wire import words as w

_TABLES = ("jobs", "job_items", "movements", "jars", "unclaimed_reports")


def send_nonsense(kitchen: SimKitchen, checker: OnlineChecker) -> None:
    """Send invalid requests about the latest job. Each must get an error and change nothing."""
    found = kitchen.host.rows(
        "SELECT id, key, reported, dispenser_id FROM jobs ORDER BY id DESC LIMIT 1"
    )
    if not found:
        return  # the server keeps the report of an unknown job, on purpose
    job_id, key, reported, device = found[0]
    board = kitchen.initial.device_ids.index(device)
    token, stranger = kitchen.initial.tokens[board], kitchen.initial.tokens[1 - board]
    before = _content(kitchen)
    for what, target, body, bearer in _requests(kitchen, job_id, key, token, stranger):
        answer = ask(kitchen.host.server, "POST", target, body, ("authorization", bearer))
        repeated = reported and bearer.endswith(token) and target.endswith("complete")
        if not (repeated and _is_ok(answer)):
            _insist_on_refusal(checker, what, answer)
        after = _content(kitchen)
        if after != before:
            checker.report("I9", f"{what} changed something")
        before = after


def _requests(
    kitchen: SimKitchen, job_id: int, key: str, token: str, stranger_token: str
) -> list[tuple[str, str, object, str]]:
    mine, nobody = f"Bearer {token}", "Bearer nobody"
    other = f"Bearer {stranger_token}"
    complete = f"/devices/me/jobs/{job_id}/complete"
    accept = f"/devices/me/jobs/{job_id}/accept"
    doses = kitchen.host.rows(
        "SELECT item_order, jar, spice, quantity_mg FROM job_items WHERE job_id = ?", job_id
    )
    order, jar, spice, quantity = doses[0] if doses else (1, 1, "Sal", 1000)
    entry = {w.ITEM_ORDER: order, w.JAR: jar, w.SPICE: spice, w.SECONDS: 1, w.STATUS: w.DONE}
    honest = {**entry, w.QUANTITY_G: quantity / 1000, w.AT_LEAST_G: quantity / 1000}
    too_much = {**entry, w.QUANTITY_G: (quantity + 2_000) / 1000, w.AT_LEAST_G: 0}
    negative = {**entry, w.QUANTITY_G: -50, w.AT_LEAST_G: -50}
    stranger = {**entry, w.JAR: 15, w.QUANTITY_G: 1, w.AT_LEAST_G: 1}
    return [
        ("a report of negative grams", complete, _report(key, negative), mine),
        ("a report of more than was ordered", complete, _report(key, too_much), mine),
        ("a report of a strange jar", complete, _report(key, stranger), mine),
        ("a report without a token", complete, _report(key, entry), nobody),
        ("half a report", complete, b'{"job_key": "', mine),
        ("an acceptance with another key", accept, {w.JOB_KEY: "f" * 32}, mine),
        ("an acceptance without a token", accept, {w.JOB_KEY: key}, nobody),
        ("an acceptance that is a list", accept, [], mine),
        ("another dispenser's report", complete, _report(None, honest), other),
        ("another dispenser's acceptance", accept, {w.JOB_KEY: key}, other),
        ("an order for minus one", "/jobs", {w.RECIPE_ID: 1, w.PEOPLE: -1}, nobody),
    ]


def _report(key: str | None, entry: Mapping[str, object]) -> dict[str, object]:
    return {w.JOB_KEY: key, w.COMPLETED: 1, w.FAILED_COUNT: 0, w.LOGS: [entry]}


def _is_ok(answer: ServerAnswer | None) -> bool:
    """A booked job answers every report with 200, and books none of them."""
    return answer is not None and answer.status == 200


def _insist_on_refusal(checker: OnlineChecker, what: str, answer: ServerAnswer | None) -> None:
    if answer is None:
        return
    if answer.status != 503 and not 400 <= answer.status < 500:
        checker.report("I9", f"{what} was answered {answer.status} {answer.body[:80]!r}")


def _content(kitchen: SimKitchen) -> list[object]:
    return [kitchen.host.rows(f"SELECT * FROM {table}") for table in _TABLES]
