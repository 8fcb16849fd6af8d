"""A board that is replaced, and one whose token is revoked: who is handed what is ordered."""

import pytest

from tests.yaguts_sim.story import Begin, Story
from yaguts_sim.checkers.final import is_quiet
from yaguts_sim.device.firmware import token_of
from yaguts_sim.events.injector import FaultInjector
from yaguts_sim.faults.draw import SPECS
from yaguts_sim.faults.kinds import Fault, FaultKind, ReplacementMode, RevocationMode, Trigger
from yaguts_sim.setup.script import draw_script

SALT_ONLY = 1
"""4 g of salt: two seconds."""
SALT = 1
SEVEN_MINUTES = 420
TWO_HOURS = 7200
LAST_KINDS = (FaultKind.BOARD_REPLACED, FaultKind.TOKEN_REVOKED)


def strike(story: Story, kind: FaultKind, mode: str, span_ms: int = 5_000) -> None:
    fault = Fault(0, kind, Trigger.TIME, 0, 0, span_ms, mode)
    FaultInjector(story.kitchen, story.checker)._inject(fault)  # noqa: SLF001


def until_all_is_done(story: Story) -> None:
    story.until(lambda: is_quiet(story.kitchen, story.checker), TWO_HOURS)


def booked_by(story: Story) -> list[int]:
    return [booking.board for booking in story.checker.booked.values()]


def ended(story: Story) -> list[str]:
    return [state for state in story.states if state != "failed"]


@pytest.mark.parametrize(
    ("mode", "poured_by"),
    [
        (ReplacementMode.SILENT, [1]),
        (ReplacementMode.SILENT_THEN_BACK, [1, 1]),
        (ReplacementMode.BACK_BEFORE, [0, 0]),
        (ReplacementMode.YES, [1]),
        (ReplacementMode.YES_THEN_BACK, [1, 1]),
        (ReplacementMode.NO, []),
    ],
)
def test_the_board_that_has_the_place_pours(
    begin: Begin, mode: ReplacementMode, poured_by: list[int]
) -> None:
    story = begin()
    strike(story, FaultKind.BOARD_REPLACED, mode)
    until_all_is_done(story)

    assert booked_by(story) == poured_by
    assert [bool(one.scales.openings) for one in story.kitchen.machines] == [
        board in poured_by for board in (0, 1)
    ]


def test_what_a_dead_board_holds_ends_by_itself_and_is_never_reported(begin: Begin) -> None:
    story = begin()
    story.cook(SALT_ONLY)
    story.until_jar_is_open(SALT)
    strike(story, FaultKind.BOARD_REPLACED, ReplacementMode.SILENT)
    held = story.dispenser.allowed_job
    assert story.dispenser.took_along == {held}
    until_all_is_done(story)

    assert story.states[0] == "failed"
    assert held not in story.checker.booked
    assert ended(story) == ["done"]


def test_nothing_else_of_a_dead_board_is_excused(begin: Begin) -> None:
    story = begin()
    story.cook(SALT_ONLY)
    story.until(lambda: story.states == ["done"])
    story.cook(SALT_ONLY)
    story.until_jar_is_open(SALT)
    strike(story, FaultKind.BOARD_REPLACED, ReplacementMode.YES)
    done, held = story.checker.jobs

    assert done in story.checker.booked
    assert story.dispenser.took_along == {held}
    until_all_is_done(story)


@pytest.mark.parametrize("mode", [ReplacementMode.SILENT_THEN_BACK, ReplacementMode.YES_THEN_BACK])
def test_a_board_that_comes_back_reports_what_it_held_and_it_is_booked(
    begin: Begin, mode: ReplacementMode
) -> None:
    story = begin()
    story.cook(SALT_ONLY)
    story.until_jar_is_open(SALT)
    held = story.dispenser.allowed_job
    strike(story, FaultKind.BOARD_REPLACED, mode)
    until_all_is_done(story)

    assert held is not None
    assert story.checker.booked[held].board == 0
    assert story.kitchen.host.rows("SELECT reported FROM jobs WHERE key = ?", held) == [(1,)]
    assert story.charged_mg(SALT) > 0


@pytest.mark.parametrize("mode", RevocationMode)
def test_a_dispenser_whose_token_is_revoked_comes_back(begin: Begin, mode: RevocationMode) -> None:
    story = begin()
    before = token_of(story.dispenser.flash)
    strike(story, FaultKind.TOKEN_REVOKED, mode)
    story.wait(SEVEN_MINUTES)
    until_all_is_done(story)

    assert story.checker.tokens.is_revoked(before)
    story.cook(SALT_ONLY)
    story.until_quiet()
    assert story.states == ["done", "done"]


def test_the_last_kinds_leave_what_a_seed_draws_before_them_as_it_was() -> None:
    assert tuple(SPECS)[-2:] == LAST_KINDS
    for seed in range(200):
        drawn, without = draw_script(seed, {}), draw_script(seed, dict.fromkeys(LAST_KINDS, 0.0))
        assert without.orders == drawn.orders
        assert without.faults == tuple(one for one in drawn.faults if one.kind not in LAST_KINDS)
