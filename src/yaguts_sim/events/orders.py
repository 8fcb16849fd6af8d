"""What people do in a history, through the API: order, dose, purge, calibrate, cancel, refill."""

import json

from yaguts.services.runtime.tokens import token_hash
from yaguts_sim.checkers.online import OnlineChecker
from yaguts_sim.device.firmware import firmware, token_of
from yaguts_sim.device.machine import Machine
from yaguts_sim.engine.clock import US_PER_S
from yaguts_sim.server.asgi import ServerAnswer
from yaguts_sim.setup.kitchen import SimKitchen
from yaguts_wire import words as w

TRY_AGAIN_S = (3, 7, 15)
PAIRED_WITHIN_S = 90
ANSWERS_AFTER_S = (6, 20, 40)
FULL_JAR_G = 180.0
SEEN_OFFLINE_AFTER_S = 500
"""The time for which a dispenser shows online, the clocks' skew, and an old request on its way."""
_UNSTARTED = "SELECT key FROM jobs WHERE state = 'canceled'"


def order(
    kitchen: SimKitchen, board: int, number: int, tries: tuple[int, ...] = TRY_AGAIN_S
) -> None:
    """Order something of a dispenser. When that fails, try again after each delay in `tries`.

    Some orders may wait in the queue when the dispenser is busy.
    """
    if len(kitchen.machines) > 1:
        _make_default(kitchen, kitchen.initial.device_ids[board])
    answer = kitchen.person.ask("POST", *_wanted(kitchen, board, number))
    _note(kitchen, f"orders on dispenser {board + 1}", answer)
    if (answer is None or answer.status != 201) and tries and not kitchen.faults.over:
        delay, rest = tries[0] * US_PER_S, tries[1:]
        kitchen.world.after(delay, order, kitchen, board, number, rest)


def _make_default(kitchen: SimKitchen, device: int) -> None:
    """Have what is ordered go to this dispenser. It answers what is asked about a newcomer."""
    is_so = "SELECT 1 FROM dispensers WHERE id = ? AND is_default"
    if kitchen.replacement is None or not kitchen.host.rows(is_so, device):
        kitchen.person.ask("PUT", f"/devices/{device}/default")


def _wanted(kitchen: SimKitchen, board: int, number: int) -> tuple[str, dict[str, object]]:
    """The URL and body of an order: mostly a recipe, sometimes a dose, a purge or a calibration."""
    recipes, rest = kitchen.initial.recipes, number // 10
    if number % 10:
        recipe, people = recipes[number % len(recipes)], 1 + number // len(recipes) % 2
        return "/jobs", {w.RECIPE_ID: recipe, w.PEOPLE: people, w.QUEUE_UP: number % 3 == 0}
    device, jar = kitchen.initial.device_ids[board], 1 + rest // 3 % 4
    what, much = (
        ("dose", {w.QUANTITY_G: 1.2}),
        ("purge", {w.SECONDS: 3.0}),
        ("calibration", {w.SECONDS: 2.5}),
    )[rest % 3]
    return f"/devices/{device}/{what}", {w.JAR: jar, **much}


def order_again(kitchen: SimKitchen, board: int, number: int) -> None:
    """Order once more."""
    order(kitchen, board, number, TRY_AGAIN_S)


def order_twice(kitchen: SimKitchen, board: int, number: int) -> None:
    """Send an order twice."""
    order(kitchen, board, number, ())
    order(kitchen, board, number, ())


def cancel(kitchen: SimKitchen, checker: OnlineChecker) -> None:
    """Cancel the active job, and note which jobs must never start."""
    answer = kitchen.person.ask("POST", "/jobs/active/cancel")
    _note(kitchen, "cancels", answer)
    if answer is not None and answer.status == 200:
        cancelled = {row[0] for row in kitchen.host.rows(_UNSTARTED)}
        for key in cancelled - checker.accepted.keys():
            if checker.cancelled_at.get(key, -1) <= kitchen.host.restored_at:
                checker.cancelled_at[key] = kitchen.world.now


def refill(kitchen: SimKitchen, checker: OnlineChecker, board: int, jar: int) -> None:
    """Fill a jar up and book it."""
    checker.refills += 1
    device = kitchen.initial.device_ids[board]
    body = [{w.JAR: jar, w.STOCK_G: FULL_JAR_G}]
    _note(kitchen, f"refills jar {jar}", kitchen.person.ask("PUT", f"/devices/{device}/jars", body))


def look_at_unplugged(kitchen: SimKitchen, checker: OnlineChecker, board: int) -> None:
    """Look at a dispenser that has been without power for long: it must show as offline.

    A copy of its flash with the same name is the same dispenser to the server.
    """
    machine, device = kitchen.machines[board], kitchen.initial.device_ids[board]
    if checker.places.is_taken_from(board):
        return
    if machine.powered or kitchen.world.now - machine.off_since < SEEN_OFFLINE_AFTER_S * US_PER_S:
        return
    if any(one.copy_of == board and one.waited_for for one in kitchen.machines):
        return
    answer = kitchen.person.ask("GET", "/me/devices")
    if answer is None or answer.status != 200:
        return
    shown = {one[w.ID]: one[w.ONLINE] for one in json.loads(answer.body)[w.DEVICES]}
    if shown[device]:
        checker.report("I8", f"{machine.who} shows online without power")


def set_asks(kitchen: SimKitchen, board: int) -> None:
    """Configure a dispenser to ask before it resumes a job after an outage."""
    device = kitchen.initial.device_ids[board]
    asked = kitchen.person.ask("PUT", f"/devices/{device}", {w.ASKS: True})
    _note(kitchen, f"has dispenser {board + 1} ask", asked)


def answer(
    kitchen: SimKitchen,
    checker: OnlineChecker,
    job_id: int,
    key: str,
    verb: str,
    delays: tuple[int, ...] = ANSWERS_AFTER_S,
) -> None:
    """Answer a question after a while by resuming or cancelling the job; never for ""."""
    if verb and delays:
        delay = delays[0] * US_PER_S
        kitchen.world.after(delay, _answer, kitchen, checker, job_id, key, verb, delays[1:])


def _answer(
    kitchen: SimKitchen,
    checker: OnlineChecker,
    job_id: int,
    key: str,
    verb: str,
    delays: tuple[int, ...],
) -> None:
    if verb == "resume":  # it counts even if the server dies before it answers
        checker.said_yes_at[key] = kitchen.world.now
    said = kitchen.person.ask("POST", f"/jobs/{job_id}/{verb}")
    _note(kitchen, f"answers with {verb}", said)
    if said is None or said.status >= 500:
        answer(kitchen, checker, job_id, key, verb, delays)


def book_orphan_reports(kitchen: SimKitchen) -> None:
    """Book every orphan report, as the owner would."""
    if not kitchen.host.rows("SELECT 1 FROM unclaimed_reports WHERE outcome IS NULL"):
        return
    for report in kitchen.person.get("GET", "/relatorios")[w.REPORTS]:
        target = f"/relatorios/{report[w.ID]}/lancar"
        _note(kitchen, "books a report", kitchen.person.ask("POST", target))


def pair_again(kitchen: SimKitchen, machine: Machine) -> None:
    """Get a code and start the dispenser with it. Tries again while the server is down."""
    if not machine.plugged_in:
        return
    answer = kitchen.person.ask("POST", "/devices/claims", {w.FORMAT: w.LONG_FORMAT})
    if answer is None or answer.status != 200:
        kitchen.world.after(5 * US_PER_S, pair_again, kitchen, machine)
        return
    machine.firmware = firmware(json.loads(answer.body)[w.CODE])
    machine.power_on()
    kitchen.world.after(PAIRED_WITHIN_S * US_PER_S, pair_if_unknown, kitchen, machine)


def look_for_copy(kitchen: SimKitchen, original: Machine, copied: Machine) -> None:
    """Have the owner find the copy once one of the two boards is locked out.

    They share a token, and whichever renews it locks the other one out.
    """
    if not copied.waited_for:  # it was taken away
        return
    if is_known(kitchen, original) and is_known(kitchen, copied):
        kitchen.world.after(PAIRED_WITHIN_S * US_PER_S, look_for_copy, kitchen, original, copied)
        return
    copied.retire("its owner finds the copy")
    pair_if_unknown(kitchen, original)


def pair_if_unknown(kitchen: SimKitchen, machine: Machine) -> None:
    """Pair again if the token was lost on its way, by a restore of the server, or to a copy."""
    if machine.plugged_in and not is_known(kitchen, machine):
        machine.power_off("its owner types another code")
        pair_again(kitchen, machine)


def is_known(kitchen: SimKitchen, machine: Machine) -> bool:
    """Whether the dispenser's token is valid."""
    token = token_hash(token_of(machine.flash))
    return bool(kitchen.host.rows("SELECT 1 FROM dispensers WHERE token_hash = ?", token))


def _note(kitchen: SimKitchen, what: str, answer: ServerAnswer | None) -> None:
    if answer is None:
        kitchen.timeline.note("person", what, "-> no answer")
    else:
        kitchen.timeline.note("person", what, "->", answer.status, answer.body)
