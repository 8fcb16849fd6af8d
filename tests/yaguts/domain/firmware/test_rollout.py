"""Who gets a release first, and when it halts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from tests.support.builders import NOW
from yaguts.domain.firmware.halting import WatchedBoard, chance, halting
from yaguts.domain.firmware.release import Update, UpdateReason, UpdateState
from yaguts.domain.firmware.rollout import HaltReason, Rollout, next_boards, share, shown

HOURS_AGO = NOW - timedelta(hours=2)
LONG_AGO = NOW - timedelta(days=2)


def update(number: int, state: UpdateState = UpdateState.CONFIRMED, **changes: Any) -> Update:
    return replace(Update(number, 7, state, None, HOURS_AGO, HOURS_AGO), **changes)


def board(number: int, **changes: Any) -> WatchedBoard:
    """A board that is alone in its house and was heard all the time."""
    return replace(WatchedBoard(number, number, NOW, LONG_AGO), **changes)


def look(boards: Sequence[WatchedBoard], updates: Sequence[Update], **changes: Any) -> Any:
    times = {"counts_since": LONG_AGO, "watched_since": LONG_AGO, "now": NOW} | changes
    return halting(boards, updates, **times)


@pytest.mark.parametrize(
    ("percent", "boards", "expected"),
    [(1, 1000, 10), (1, 3, 1), (50, 3, 1), (100, 3, 3), (1, 0, 0)],
)
def test_a_stage_has_at_least_one_board(percent: int, boards: int, expected: int) -> None:
    assert share(percent, boards) == expected


def test_each_stage_adds_to_the_one_before_and_others_are_first_next_time() -> None:
    free = range(1, 1001)
    first = next_boards(7, 1, (), free)
    later = next_boards(7, 10, [update(one) for one in first], set(free) - set(first))

    assert len(first) == 10
    assert len(later) == 90
    assert next_boards(8, 1, (), free) != first


def test_a_board_that_refused_leaves_its_place_and_one_that_went_back_does_not() -> None:
    free = range(2, 101)

    assert len(next_boards(7, 1, [update(1, UpdateState.REFUSED)], free)) == 1
    assert next_boards(7, 1, [update(1, UpdateState.BAD)], free) == []


def test_a_stage_lasts_a_day_by_the_lived_through_time() -> None:
    rollout = Rollout((1, 100), 0, NOW, NOW)

    assert not rollout.lasted(NOW + timedelta(hours=23, minutes=59))
    assert rollout.lasted(NOW + timedelta(hours=24))
    assert not rollout.lasted(NOW - timedelta(days=400))
    assert not rollout.at_the_end


def test_no_stage_follows_before_the_release_has_worked_somewhere() -> None:
    seen = {1: NOW, 2: NOW}
    trying = update(2, UpdateState.UNTRIED, runs_since=HOURS_AGO)

    assert not shown([update(1, UpdateState.FETCHING), update(2, UpdateState.REFUSED)], seen)
    assert shown([update(1, UpdateState.FETCHING), update(2)], {})
    assert shown([trying], seen), "it was heard with the release for two hours"
    assert not shown([replace(trying, runs_since=NOW)], seen)
    assert not shown([trying], {2: HOURS_AGO}), "it said a word and fell silent"
    assert not shown([trying], {})


def test_a_board_that_is_trying_it_counts_among_those_that_tried() -> None:
    trying = [update(number, UpdateState.UNTRIED, runs_since=HOURS_AGO) for number in range(1, 100)]
    back = update(100, UpdateState.FELL_BACK)

    assert look([board(number) for number in range(1, 101)], [*trying, back]) is None


# Boards that go back


@pytest.mark.parametrize("state", [UpdateState.FELL_BACK, UpdateState.BAD])
def test_the_only_board_of_a_stage_that_goes_back_halts_it(state: UpdateState) -> None:
    assert look([board(1), board(2)], [update(1, state)]) == HaltReason.LEFT


def test_one_of_a_hundred_may_go_back_and_two_may_not() -> None:
    updates = [update(number) for number in range(1, 99)]
    boards = [board(number) for number in range(1, 201)]
    back = [update(99, UpdateState.BAD), update(100, UpdateState.BAD)]

    assert look(boards, [*updates, update(100), back[0]]) is None
    assert look(boards, [*updates, *back]) == HaltReason.LEFT


def test_what_was_seen_before_somebody_said_go_on_halts_nothing() -> None:
    updates = [update(1, UpdateState.BAD), update(2)]

    assert look([board(1), board(2)], updates, counts_since=HOURS_AGO) is None
    later = update(2, UpdateState.BAD, changed_at=NOW)
    assert look([board(1), board(2)], [updates[0], later], counts_since=HOURS_AGO) == (
        HaltReason.LEFT
    )


def test_bytes_that_were_changed_on_their_way_halt_it_and_a_full_flash_does_not() -> None:
    def refused(reason: UpdateReason) -> Any:
        return look([board(1)], [update(1, UpdateState.REFUSED, reason=reason)])

    assert refused(UpdateReason.BAD_SIGNATURE) == HaltReason.REFUSED
    assert refused(UpdateReason.HASH) == HaltReason.REFUSED
    assert refused(UpdateReason.NO_ROOM) is None


# Silence


def silent(number: int, hours: float = 1.5, **changes: Any) -> WatchedBoard:
    return board(number, seen_at=NOW - timedelta(hours=hours), **changes)


def test_a_board_that_is_silent_beside_one_that_is_heard_halts_it() -> None:
    here = {"kitchen_id": 1}

    assert look([silent(1, **here), board(2, **here)], [update(1)]) == HaltReason.SILENT
    assert look([silent(1, hours=0.9, **here), board(2, **here)], [update(1)]) is None
    assert look([board(1, **here), silent(2, **here)], [update(1)]) is None


def test_boards_that_are_unplugged_here_and_there_halt_nothing() -> None:
    """Pairs of boards in a house each. Of some pairs one is silent, whatever it runs."""

    def houses(silent_having: int, silent_lacking: int) -> list[WatchedBoard]:
        return [
            silent(number, kitchen_id=number // 2)
            if number % 2
            and number // 2 in (*range(silent_having), *range(50, 50 + silent_lacking))
            else board(number, kitchen_id=number // 2)
            for number in range(400)
        ]

    updates = [update(number) for number in range(100)]

    assert look(houses(2, 6), updates) is None
    assert look(houses(1, 0), updates) is None
    assert look(houses(10, 6), updates) == HaltReason.SILENT
    few = [update(number) for number in range(9)]
    assert look(houses(1, 0), few) == HaltReason.SILENT
    assert look(houses(1, 1), few) is None


def test_a_board_that_died_while_it_fetched_its_last_piece_counts() -> None:
    updates = [update(1, UpdateState.FETCHING)]

    assert look([silent(1, kitchen_id=1), board(2, kitchen_id=1)], updates) == HaltReason.SILENT


def test_an_outage_of_the_house_halts_nothing_also_when_the_other_board_is_back_first() -> None:
    both = [silent(1, kitchen_id=1), silent(2, kitchen_id=1)]
    back = board(2, kitchen_id=1, heard_since=NOW - timedelta(minutes=1))

    assert look(both, [update(1)]) is None
    assert look([both[0], back], [update(1)]) is None


def test_an_outage_of_the_server_halts_nothing() -> None:
    """All boards were silent, and those without the release happen to be heard first."""
    boards = [silent(1, hours=9, kitchen_id=1), board(2, kitchen_id=1)]
    boards += [silent(number, hours=9) for number in range(3, 40)]
    boards += [board(number) for number in range(40, 200)]
    updates = [update(number) for number in (1, *range(3, 40))]

    assert look(boards, updates, watched_since=NOW - timedelta(minutes=59)) is None
    assert look(boards, updates) == HaltReason.SILENT


def test_boards_that_are_alone_are_compared_with_those_elsewhere() -> None:
    having, lacking = range(1, 11), range(11, 111)
    updates = [update(number) for number in having]
    alike = [silent(number) if number % 5 == 0 else board(number) for number in (*having, *lacking)]
    worse = [silent(1), silent(2), silent(3), *(board(number) for number in range(4, 111))]

    assert look(alike, updates) is None
    assert look(worse, updates) == HaltReason.SILENT
    assert look(worse[:1] + worse[3:], updates) is None, "one house may be cut off"


def test_a_big_house_that_is_cut_off_counts_once() -> None:
    house = [silent(number, kitchen_id=1) for number in range(1, 6)]
    others = [board(number) for number in range(6, 40)]

    assert look([*house, *others], [update(number) for number in range(1, 7)]) is None


def test_who_was_never_heard_is_not_silent() -> None:
    assert look([board(1, seen_at=None), board(2, kitchen_id=1)], [update(1)]) is None


# Jobs


def test_few_boards_that_fail_more_jobs_than_before_and_than_the_others_halt_it() -> None:
    good = {"jobs": 5, "failed": 0, "jobs_before": 10, "failed_before": 0}
    boards = [board(1, **good | {"failed": 3}), board(2, **good), board(3, **good)]

    assert look(boards, [update(1)]) == HaltReason.JOBS
    assert look([board(1, **good | {"failed": 1}), *boards[1:]], [update(1)]) is None


def test_a_board_that_failed_as_often_before_halts_nothing() -> None:
    bad = board(1, jobs=5, failed=3, jobs_before=20, failed_before=12)

    assert look([bad, board(2, jobs=5, jobs_before=20)], [update(1)]) is None


def test_of_many_boards_those_that_fail_are_compared() -> None:
    having = range(1, 51)
    updates = [update(number) for number in having]

    def every(nth: int, others_nth: int) -> list[WatchedBoard]:
        return [
            board(
                number,
                jobs=8,
                failed=8 if number % (nth if number <= 50 else others_nth) == 0 else 0,
            )
            for number in range(1, 1001)
        ]

    assert look(every(20, 20), updates) is None, "one in twenty, here as there"
    assert look(every(5, 20), updates) == HaltReason.JOBS


def test_chance_is_that_of_fisher() -> None:
    assert chance(0, 0, 0, 0) == 1
    assert chance(0, 5, 3, 10) == 1
    assert chance(2, 2, 0, 20) == pytest.approx(1 / 231)
    assert chance(3, 4, 1, 4) == pytest.approx(17 / 70)  # the lady tasting tea


def test_boards_with_and_without_that_are_alike_seldom_halt_a_rollout() -> None:
    """A twentieth of all boards is bad, whatever runs there."""
    chances = Random(1)
    halted = 0
    for _ in range(200):
        boards = [
            silent(number, jobs=3, failed=1) if chances.random() < 0.05 else board(number, jobs=3)
            for number in range(1, 301)
        ]
        halted += look(boards, [update(number) for number in range(1, 31)]) is not None

    assert halted <= 8, "twice one in a hundred, and what chance adds to that"
