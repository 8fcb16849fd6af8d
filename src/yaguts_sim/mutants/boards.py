"""Bugs planted in how a board is replaced, and in what a revoked token opens."""

# pyright: basic, reportPrivateUsage=false

from typing import Any

from yaguts.domain.clock import age
from yaguts.domain.dispenser import SILENT_FOR
from yaguts.services.delivery import handover, replacement
from yaguts.storage import dispensers, replacements
from yaguts_sim.faults.kinds import FaultKind
from yaguts_sim.mutants.mutant import Mutant, Replaced

_REPLACED = {FaultKind.BOARD_REPLACED: 0.95}
_REVOKED = {FaultKind.TOKEN_REVOKED: 0.95}


def _hour_forgotten() -> list[Replaced]:
    def silent(_paired_at: Any, seen_at: Any, seen_before: Any, _now: Any) -> bool:
        return seen_at == seen_before

    return [(replacement, "silent_since", silent)]


def _living_board_replaced() -> list[Replaced]:
    def silent(paired_at: Any, _seen_at: Any, _seen_before: Any, now: Any) -> bool:
        since = age(paired_at, now)
        return since is not None and since >= SILENT_FOR

    return [(replacement, "silent_since", silent)]


def _boards_take_turns() -> list[Replaced]:
    exchange = replacement._exchange

    def asked_again(site: Any, connection: Any, place: Any, newcomer: Any, by: Any) -> Any:
        moved = exchange(site, connection, place, newcomer, by)
        replacements.ask(connection, newcomer, site.clock())
        return moved

    return [
        (replacement, "_exchange", asked_again),
        (replacement, "silent_since", lambda *_: True),
    ]


def _dead_board_keeps_its_jobs() -> list[Replaced]:
    return [(handover, "take_place", lambda _site, _caller: None)]


def _late_report_is_anothers() -> list[Replaced]:
    def only_now(_connection: Any, dispenser_id: int, job: Any) -> bool:
        return job.dispenser_id == dispenser_id

    return [(replacements, "is_its_job", only_now)]


def _waking_poll_skips_the_token() -> list[Replaced]:
    def careless(connection: Any, caller: Any) -> Any:
        return dispensers.with_token(connection, caller.token_hash or "") or caller

    return [(dispensers, "insist_on_token", careless)]


BOARD_MUTANTS = {
    "hour forgotten": Mutant(
        "a board that is silent is replaced before the hour is over",
        ("I7",),
        50,
        _hour_forgotten,
        _REPLACED,
    ),
    "living board replaced": Mutant(
        "an hour after a newcomer was paired it takes the place of a board that lives",
        ("I7",),
        100,
        _living_board_replaced,
        _REPLACED,
    ),
    "boards take turns": Mutant(
        "a board that was replaced takes its place again",
        ("I7",),
        100,
        _boards_take_turns,
        _REPLACED,
    ),
    "dead board keeps its jobs": Mutant(
        "a newcomer never gets what waits for a silent board",
        ("I8",),
        50,
        _dead_board_keeps_its_jobs,
        _REPLACED,
    ),
    "late report is another's": Mutant(
        "what a board had begun where it was before is not its job any more",
        ("I5",),
        50,
        _late_report_is_anothers,
        _REPLACED,
    ),
    "waking poll skips the token": Mutant(
        "a poll that is held goes on with a revoked token",
        ("I9",),
        50,
        _waking_poll_skips_the_token,
        _REVOKED,
    ),
}
