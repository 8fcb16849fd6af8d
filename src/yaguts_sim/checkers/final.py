"""The final checker: checks the promises when a history is over."""

from collections.abc import Iterator

from yaguts_device.core.dose_machine import slice_ms
from yaguts_device.flow.offer_limit import AT_ONCE
from yaguts_device.journal.journal import PARKED
from yaguts_sim.checkers.online import Booking, OnlineChecker, Violation, allowed_us
from yaguts_sim.device.machine import Machine
from yaguts_sim.engine.clock import US_PER_MS, US_PER_S
from yaguts_sim.setup.kitchen import SimKitchen
from yaguts_wire.shapes import JobOffer

_FINAL = "('done', 'done_partial', 'failed', 'canceled')"
_IN_THE_JAR = "('refill', 'correction', 'waste', 'settle')"
_HELD = "('hold', 'release')"
_HOUR = 3600 * US_PER_S
_JOBS_AN_HOUR = 60
_REQUESTS_A_MINUTE = 600


def violations_of(kitchen: SimKitchen, checker: OnlineChecker, *, quiet: bool) -> list[Violation]:
    """All violations of a history: those of the online checker, then those that its end shows."""
    checks = (
        _never_too_much(kitchen, checker),
        _poured_once(kitchen),
        _dark_on_boot(kitchen),
        _books_balance(kitchen),
        _charged_as_reported(kitchen, checker),
        _own_jars_charged(kitchen),
        _orphan_reports_charged(kitchen, checker),
        _own_reports_need_nobody(kitchen, checker),
        _nothing_else_charged(kitchen, checker),
        _nothing_unknown_is_known(kitchen),
        _nothing_for_revoked_tokens(checker),
        _nothing_lost(kitchen, checker),
        _restored_as_copied(kitchen),
        _everything_ends(kitchen, checker, quiet=quiet),
        _nothing_removed(kitchen),
        _still_signed_in(kitchen),
        _offers_wear_nothing_out(kitchen),
        _no_crash(kitchen),
    )
    for key in checker.booked:
        checker.compare_with_scales(key)
    return checker.violations + [violation for check in checks for violation in check]


def _never_too_much(kitchen: SimKitchen, checker: OnlineChecker) -> Iterator[Violation]:
    for machine in kitchen.machines:
        for key, jar in {(one.job, one.jar): None for one in machine.scales.openings}:
            if key is None:
                yield Violation("I7", f"jar {jar} poured although no job could start")
                continue
            poured, allowed = machine.scales.open_us(key, jar), allowed_us(checker.jobs[key], jar)
            if poured > allowed:
                told = f"{poured / US_PER_MS} ms of {allowed // US_PER_MS}"
                yield Violation("I1", f"job {key[:6]} jar {jar} was open for {told}")


def _poured_once(kitchen: SimKitchen) -> Iterator[Violation]:
    """I4: a board and its copy do not both pour a job."""
    poured: dict[str | None, int] = {}
    for machine in kitchen.machines:
        for key in {one.job: None for one in machine.scales.openings}:
            if poured.setdefault(key, machine.number) != machine.number:
                yield Violation("I4", f"job {str(key)[:6]} fell from two dispensers")


def _dark_on_boot(kitchen: SimKitchen) -> Iterator[Violation]:
    for machine in kitchen.machines:
        for life in machine.lives:
            if life.calls and life.calls[0] != "dark":
                yield Violation("I3", f"{machine.who} began a life with {life.calls[0]}")
            if life.dark_after_us > 0:
                yield Violation("I3", f"{machine.who} was not dark at once after a boot")
        if machine.outputs.on:
            yield Violation("I3", f"{machine.who} is idle with an open jar")


def _books_balance(kitchen: SimKitchen) -> Iterator[Violation]:
    """I5: the cached totals are the sums of their movements."""
    for number, stock, moved, held, holds in kitchen.host.rows(
        "SELECT number, stock_mg,"
        f" (SELECT coalesce(sum(amount_mg), 0) FROM movements m WHERE m.dispenser_id ="
        f" jars.dispenser_id AND m.jar = number AND kind IN {_IN_THE_JAR}), held_mg,"
        f" (SELECT coalesce(sum(amount_mg), 0) FROM movements m WHERE m.dispenser_id ="
        f" jars.dispenser_id AND m.jar = number AND kind IN {_HELD}) FROM jars"
    ):
        if stock != moved:
            yield Violation("I5", f"jar {number} has {stock} mg, its movements give {moved}")
        if held != holds:
            yield Violation("I5", f"jar {number} holds {held} mg, its movements give {holds}")


def _charged_as_reported(kitchen: SimKitchen, checker: OnlineChecker) -> Iterator[Violation]:
    """I5: each dose is charged its reported upper bound, once, and nothing else is charged."""
    charged: dict[tuple[str, int], int] = {}
    for key, order, amount in kitchen.host.rows(
        "SELECT key, item_order, amount_mg FROM movements JOIN jobs ON jobs.id = job_id"
        " WHERE movements.kind IN ('settle', 'waste')"
    ):
        charged[key, order] = charged.get((key, order), 0) - amount
    known = {row[0] for row in kitchen.host.rows("SELECT key FROM jobs")}
    for key, booking in checker.booked.items():
        if key not in known or booking.at <= kitchen.host.restored_at:
            continue
        if booking.garbled:
            yield from _charged_for_garbage(kitchen, key, booking, charged)
            continue
        for order, upper in _reported_doses(booking):
            if charged.pop((key, order), 0) != upper:
                yield Violation("I5", f"job {key[:6]} item {order} is not charged {upper} mg")
    forgotten = any(machine.forgot_at >= 0 for machine in kitchen.machines)
    for (key, order), amount in charged.items():
        if key not in checker.booked and not forgotten:
            yield Violation("I5", f"job {key[:6]} item {order} is charged {amount} mg unreported")


def _charged_for_garbage(
    kitchen: SimKitchen, key: str, booking: Booking, charged: dict[tuple[str, int], int]
) -> Iterator[Violation]:
    """I9: each dose is charged what fell at least, and what was planned at most."""
    planned = dict(
        kitchen.host.rows(
            "SELECT item_order, quantity_mg FROM job_items JOIN jobs ON jobs.id = job_id"
            " WHERE key = ?",
            key,
        )
    )
    for dose in booking.report["doses"]:
        order, lower = dose["order"], dose["fell_at_least_mg"]
        amount = charged.pop((key, order), 0)
        if not lower <= amount <= planned[order]:
            told = f"{amount} mg of {planned[order]}"
            yield Violation("I9", f"job {key[:6]} item {order} is charged {told} for garbage")


def _own_jars_charged(kitchen: SimKitchen) -> Iterator[Violation]:
    """I9: what is booked of a job is booked of its own jars."""
    for key, order, jar in kitchen.host.rows(
        "SELECT key, job_items.item_order, movements.jar FROM movements"
        " JOIN jobs ON jobs.id = movements.job_id JOIN job_items ON job_items.job_id = jobs.id"
        " AND job_items.item_order = movements.item_order WHERE movements.jar <> job_items.jar"
    ):
        yield Violation("I9", f"job {key[:6]} item {order} is charged to jar {jar}, not its own")


def _orphan_reports_charged(kitchen: SimKitchen, checker: OnlineChecker) -> Iterator[Violation]:
    """I5: a booked orphan report is charged once, by itself or to a job that is there after all."""
    for key, order, charged in kitchen.host.rows(
        "SELECT job_key, d.item_order, (SELECT coalesce(-sum(amount_mg), 0) FROM movements m"
        " WHERE m.item_order = d.item_order AND (m.report_id = r.id"
        " OR m.kind IN ('settle', 'waste')"
        " AND m.job_id IN (SELECT id FROM jobs WHERE key = r.job_key))) FROM unclaimed_reports r"
        " JOIN unclaimed_doses d ON d.report_id = r.id WHERE outcome = 'booked'"
    ):
        booking = checker.booked.get(key)
        if booking is None or booking.garbled:
            continue  # its owner has seen what it says, and nobody knows better
        upper = dict(_reported_doses(booking))[order]
        if charged != upper:
            yield Violation("I5", f"job {key[:6]} item {order} is charged {charged} mg of {upper}")


def _own_reports_need_nobody(kitchen: SimKitchen, checker: OnlineChecker) -> Iterator[Violation]:
    """I5: what the board reports that accepted the job is booked without a person's help."""
    if kitchen.host.restored_at >= 0:
        return
    for (key,) in kitchen.host.rows("SELECT job_key FROM unclaimed_reports"):
        accepted, booking = checker.accepted.get(key), checker.booked.get(key)
        if accepted is None or booking is None or booking.garbled:
            continue
        if accepted.board == booking.board:
            yield Violation("I5", f"the report of job {key[:6]} waits for a person")


def _nothing_else_charged(kitchen: SimKitchen, checker: OnlineChecker) -> Iterator[Violation]:
    """I5: stock moves only for a job's dose, or because a person said so."""
    for (amount,) in kitchen.host.rows(
        "SELECT amount_mg FROM movements WHERE kind = 'settle' AND job_id IS NULL"
        " AND report_id IS NULL"
    ):
        yield Violation("I5", f"{amount} mg are charged for no job")
    entered = kitchen.host.rows(
        "SELECT count(*) FROM movements WHERE kind IN ('refill','correction')"
    )
    if entered[0][0] > kitchen.initial.amounts_entered + checker.refills:
        yield Violation("I5", "stock was corrected although nobody did")


def _nothing_unknown_is_known(kitchen: SimKitchen) -> Iterator[Violation]:
    """I5: a jar that ran by time has an unknown stock until somebody weighs it."""
    for (number,) in kitchen.host.rows(
        "SELECT number FROM jobs JOIN job_items ON job_items.job_id = jobs.id"
        " JOIN jars ON jars.dispenser_id = jobs.dispenser_id AND number = jar"
        " WHERE quantity_mg = 0 AND reported AND stock_known AND NOT EXISTS (SELECT 1"
        " FROM movements m WHERE m.dispenser_id = jobs.dispenser_id AND m.jar = number"
        " AND m.kind = 'correction' AND m.at >= finished_at)"
    ):
        yield Violation("I5", f"jar {number} ran by time, and its stock counts as known")


def _nothing_for_revoked_tokens(checker: OnlineChecker) -> Iterator[Violation]:
    """I9: whoever has a revoked token is handed nothing."""
    for handed in checker.tokens.handed_to_nobody():
        yield Violation("I9", f"job {handed.key[:6]} is handed to whoever has a revoked token")


def _reported_doses(booking: Booking) -> list[tuple[int, int]]:
    return [(dose["order"], dose["fell_at_most_mg"]) for dose in booking.report["doses"]]


def _nothing_lost(kitchen: SimKitchen, checker: OnlineChecker) -> Iterator[Violation]:
    """I6: a report answered with 200 is in the database, unless a restore has lost it."""
    reported = {row[0] for row in kitchen.host.rows("SELECT key FROM jobs WHERE reported")}
    kept = {row[0] for row in kitchen.host.rows("SELECT job_key FROM unclaimed_reports")}
    for key, booking in checker.booked.items():
        if booking.at > kitchen.host.restored_at and key not in reported | kept:
            yield Violation("I6", f"the report of job {key[:6]} was answered and is gone")


def _restored_as_copied(kitchen: SimKitchen) -> Iterator[Violation]:
    """I6: after a restore by the command, the database is the copy."""
    for spoilt in kitchen.host.spoilt_restores:
        yield Violation("I6", f"a restore by the command failed: {spoilt}")


def _everything_ends(
    kitchen: SimKitchen, checker: OnlineChecker, *, quiet: bool
) -> Iterator[Violation]:
    if not quiet:
        busy = [m.who for m in _waited_for(kitchen) if m.number not in checker.idle_since]
        yield Violation("I8", f"no end: busy {busy}, jobs {_unfinished(kitchen)}")
    for key in _unreported(kitchen, checker):
        yield Violation("I8", f"job {key[:6]} poured and was never reported")
    if kitchen.host.rows("SELECT 1 FROM jars WHERE held_mg != 0") and quiet:
        yield Violation("I8", "stock is held although every job has ended")


def _unreported(kitchen: SimKitchen, checker: OnlineChecker) -> Iterator[str]:
    """The keys of the jobs that poured, and whose report is still to come."""
    for machine in kitchen.machines:
        for key in {one.job: None for one in machine.scales.openings}:
            if key is None or key in checker.booked or machine.forgot_at >= 0:
                continue
            if key in machine.took_along or _is_given_up(machine, key):
                continue
            if not kitchen.host.rows("SELECT 1 FROM jobs WHERE key = ? AND reported", key):
                yield key


def _is_given_up(machine: Machine, key: str) -> bool:
    """Whether the report is refused for ever, or there were more refused ones than room."""
    network = machine.network
    if len(network.refused) > PARKED:
        return key.encode() in network.refused
    return key.encode() in network.refused_for_good


def _waited_for(kitchen: SimKitchen) -> list[Machine]:
    return [machine for machine in kitchen.machines if machine.waited_for]


def _nothing_removed(kitchen: SimKitchen) -> Iterator[Violation]:
    """I8: a clock that jumped has removed nothing. A history is too short to make anything old."""
    for table, row in sorted(kitchen.kept_at_first - kitchen.kept(), key=str):
        yield Violation("I8", f"row {row} of the {table} is removed")


def _still_signed_in(kitchen: SimKitchen) -> Iterator[Violation]:
    """I8: whoever was signed in still is, once the clock is right."""
    if kitchen.host.harness.skew or not kitchen.host.server.up:
        return
    answer = kitchen.person.with_session(kitchen.initial.cookie, "GET", "/auth/me")
    if answer is not None and answer.status == 401:
        yield Violation("I8", "a person who was signed in is not any more")


def _unfinished(kitchen: SimKitchen) -> list[tuple[str, str]]:
    rows = kitchen.host.rows(f"SELECT key, state FROM jobs WHERE state NOT IN {_FINAL}")
    return [(key[:6], state) for key, state in rows]


def is_quiet(kitchen: SimKitchen, checker: OnlineChecker) -> bool:
    """Whether every dispenser is on and waits for a job, every job has ended and is reported."""
    machines = _waited_for(kitchen)
    if not all(errand.over for errand in kitchen.errands):
        return False
    if not all(machine.powered and machine.number in checker.idle_since for machine in machines):
        return False
    return not _unfinished(kitchen) and not any(_unreported(kitchen, checker))


def _offers_wear_nothing_out(kitchen: SimKitchen) -> Iterator[Violation]:
    """I9: however often a server offers, few jobs are taken, and it is not asked without a pause.

    Jobs are counted in memory, anew after each start.
    """
    for machine in kitchen.machines:
        allowed = _JOBS_AN_HOUR + AT_ONCE * (len(machine.lives) + machine.restarts)
        for begun, later in zip(machine.begun, machine.begun[allowed:], strict=False):
            if later - begun < _HOUR:
                yield Violation("I9", f"{machine.who} takes more than {allowed} jobs in an hour")
                break
        asked = max(machine.network.requests_by_minute.values(), default=0)
        if asked > _REQUESTS_A_MINUTE:
            yield Violation("I9", f"{machine.who} asks {asked} times within a minute")


def _no_crash(kitchen: SimKitchen) -> Iterator[Violation]:
    for crash in kitchen.host.server.crashes:
        yield Violation("crash", f"server: {crash}")
    for machine in kitchen.machines:
        machine.look_for_failures()
        for failure in machine.failures:
            yield Violation("crash", f"{machine.who}: {failure}")


def largest_shortfall(kitchen: SimKitchen, checker: OnlineChecker) -> float:
    """The largest lack of a resumed dose that was reported done, in slices a resume."""
    worst = 0.0
    for key, booking in checker.booked.items():
        machine = kitchen.machines[booking.board]
        worst = max([worst, *_shortfalls(machine, checker, key, booking)])
    return worst


def _shortfalls(
    machine: Machine, checker: OnlineChecker, key: str, booking: Booking
) -> Iterator[float]:
    for dose in booking.report["doses"]:
        job = checker.jobs.get(key)
        if job is None or not dose["done"] or not dose["resumes"]:
            continue
        missing = allowed_us(job, dose["jar"]) - machine.scales.open_us(key, dose["jar"])
        yield missing / US_PER_MS / dose["resumes"] / _slice_ms(job, dose["order"])


def _slice_ms(job: JobOffer, order: int) -> int:
    dose = next(dose for dose in job["doses"] if dose["order"] == order)
    return slice_ms(dose["quantity_mg"], dose["duration_ms"])
