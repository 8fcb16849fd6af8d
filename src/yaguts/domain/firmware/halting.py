"""When a rollout halts by itself: boards with the release do worse than those without it.

A board that went back says so itself, so a few of them are enough. Silence and failed jobs have
other causes as well, such as an outage of a house or of the server. There the boards with the
release are compared with those without it, by Fisher's exact test.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import comb

from yaguts.domain.clock import Window, age, lately, latest_seen
from yaguts.domain.dispenser import SILENT_FOR
from yaguts.domain.firmware.release import FORGED, LEFT_IT, RUNS_IT, Update, UpdateState
from yaguts.domain.firmware.rollout import HaltReason, tried

TOLERATED_PERCENT = 1
"""Of the boards that have tried a release, so many may go back before it halts."""
BY_CHANCE = 0.01
"""A difference that chance makes less often than this is none of chance."""
FEW_BOARDS = 10
"""Of fewer boards with the release one that is silent is enough, and jobs count, not boards."""
WATCH_GAP = timedelta(minutes=5)
"""The server looks every minute. After a longer pause it was away itself, and counts anew."""
SPELL_GAP = timedelta(minutes=30)
"""A board that was heard of again within so long was not away."""


@dataclass(frozen=True, slots=True)
class WatchedBoard:
    """A board that has the release or could have it, as far as halting is concerned.

    `heard_since` is the beginning of the time in which it was never away; None: nobody noted it.
    `jobs` and `failed` are of the time that counts, `jobs_before` and `failed_before` of the time
    before the release.
    """

    dispenser_id: int
    kitchen_id: int
    seen_at: datetime | None
    heard_since: datetime | None
    jobs: int = 0
    failed: int = 0
    jobs_before: int = 0
    failed_before: int = 0


def halting(
    boards: Iterable[WatchedBoard],
    updates: Sequence[Update],
    counts_since: datetime,
    watched_since: datetime,
    now: datetime,
) -> HaltReason | None:
    """Why the rollout is to halt, or None. `watched_since`: since when the server is not away."""
    states = {update.dispenser_id: update.state for update in updates}
    having = [board for board in boards if states.get(board.dispenser_id) in RUNS_IT]
    lacking = [board for board in boards if states.get(board.dispenser_id) not in RUNS_IT | LEFT_IT]
    counts = Window(counts_since, latest_seen(now))
    lately_changed = [update for update in updates if update.changed_at in counts]
    if _too_many(sum(update.state in LEFT_IT for update in lately_changed), tried(updates)):
        return HaltReason.LEFT
    if _too_many(sum(_was_forged(update) for update in lately_changed), len(updates)):
        return HaltReason.REFUSED
    if _fall_silent(having, lacking, watched_since, now):
        return HaltReason.SILENT
    return HaltReason.JOBS if _fail_jobs(having, lacking) else None


def chance(bad: int, of: int, others_bad: int, others: int) -> float:
    """How often chance alone puts so many of the bad ones, or more, among the first ones.

    Fisher's exact test, one side. 1 when there is nothing to compare.
    """
    total_bad, total = bad + others_bad, of + others
    ways = sum(
        comb(total_bad, here) * comb(total - total_bad, of - here)
        for here in range(bad, min(of, total_bad) + 1)
    )
    return ways / comb(total, of)


def _too_many(bad: int, of: int) -> bool:
    return bad > 0 and bad * 100 > of * TOLERATED_PERCENT


def _was_forged(update: Update) -> bool:
    return update.state == UpdateState.REFUSED and update.reason in FORGED


def _fall_silent(
    having: Sequence[WatchedBoard],
    lacking: Sequence[WatchedBoard],
    watched_since: datetime,
    now: datetime,
) -> bool:
    """Alone, beside a board of the same kitchen that was heard all the while; or as whole houses.

    Both are compared with the boards without the release. Of few boards one that is alone silent is
    enough, unless that happens elsewhere as well. A house that is cut off counts once, and not at
    all when only some of its boards have the release.
    """
    houses: defaultdict[int, list[WatchedBoard]] = defaultdict(list)
    for board in (*having, *lacking):
        houses[board.kitchen_id].append(board)

    def alone(boards: Sequence[WatchedBoard]) -> int:
        return sum(
            any(_heard_without(other, board, watched_since, now) for other in house)
            for board in boards
            for house in [houses[board.kitchen_id]]
        )

    def cut_off(kitchens: set[int]) -> int:
        return sum(
            all(_is_silent(board, watched_since, now) for board in houses[kitchen])
            for kitchen in kitchens
        )

    alone_here, alone_there = alone(having), alone(lacking)
    if len(having) < FEW_BOARDS and alone_here and not alone_there:
        return True
    if chance(alone_here, len(having), alone_there, len(lacking)) < BY_CHANCE:
        return True
    with_it = {board.kitchen_id for board in having}
    without = {board.kitchen_id for board in lacking}
    here, there = with_it - without, without - with_it
    return chance(cut_off(here), len(here), cut_off(there), len(there)) < BY_CHANCE


def _is_silent(board: WatchedBoard, watched_since: datetime, now: datetime) -> bool:
    """A board of which nothing was ever heard was not silent before either."""
    if board.seen_at is None:
        return False
    lasted = age(max(board.seen_at, watched_since), now)
    return lasted is not None and lasted >= SILENT_FOR


def _heard_without(
    other: WatchedBoard, silent: WatchedBoard, watched_since: datetime, now: datetime
) -> bool:
    """Whether the other board was heard for so long as this one was not."""
    if other.seen_at not in lately(now, SPELL_GAP) or not _is_silent(silent, watched_since, now):
        return False
    assert silent.seen_at is not None
    began = age(max(silent.seen_at, watched_since, other.heard_since or watched_since), now)
    return began is not None and began >= SILENT_FOR


def _fail_jobs(having: Sequence[WatchedBoard], lacking: Sequence[WatchedBoard]) -> bool:
    """A board whose jar is stuck fails one job after the other, so boards are compared. Of few
    boards the jobs are, with those that they did before.
    """
    if len(having) < FEW_BOARDS:
        everything = [*having, *lacking]
        bad, of = sum(board.failed for board in having), sum(board.jobs for board in having)
        others_bad = sum(board.failed for board in lacking)
        others = sum(board.jobs for board in lacking)
        others_bad += sum(board.failed_before for board in everything)
        others += sum(board.jobs_before for board in everything)
        return chance(bad, of, others_bad, others) < BY_CHANCE
    here, there = _with_jobs(having), _with_jobs(lacking)
    return chance(_failing(here), len(here), _failing(there), len(there)) < BY_CHANCE


def _with_jobs(boards: Sequence[WatchedBoard]) -> list[WatchedBoard]:
    return [board for board in boards if board.jobs]


def _failing(boards: Sequence[WatchedBoard]) -> int:
    return sum(board.failed > 0 for board in boards)
