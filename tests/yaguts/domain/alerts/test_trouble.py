"""What is in trouble, and what a target is told of it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.support.builders import NOW, a_jar, a_job
from yaguts.domain.alerts.delivery import LONGEST_WAIT, wait_after
from yaguts.domain.alerts.kinds import AlertKind, ToldTrouble, Trouble, changes
from yaguts.domain.alerts.trouble import (
    BACKUP_LIFE,
    ended_badly,
    full_disk,
    low,
    old_backup,
    silent,
)
from yaguts.domain.clock import SKEW
from yaguts.domain.dispenser import Dispenser
from yaguts.domain.ids import KitchenId
from yaguts.domain.jobs.job import JobState
from yaguts.domain.recipe import Motor
from yaguts.domain.stock.levels import Level
from yaguts.domain.units import Milligrams

A_QUARTER = timedelta(minutes=15)
A_DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
GB = 10**9


def a_dispenser(**changes: object) -> Dispenser:
    usual = {
        "id": 3, "kitchen_id": 1, "is_default": True, "uid": "u", "token_hash": "t",
        "token_since": NOW, "firmware": "0.2.0", "last_seen_at": NOW - A_QUARTER, "motor": Motor(),
    }  # fmt: skip
    return Dispenser(**{**usual, **changes})  # type: ignore[arg-type]


def told_of(found: Trouble | None) -> str:
    return "well" if found is None else "lingers" if found.lingers else "trouble"


@pytest.mark.parametrize(
    ("seen", "awake", "told"),
    [
        (NOW - A_QUARTER, NOW - A_DAY, "trouble"),
        (NOW - A_QUARTER + SECOND, NOW - A_DAY, "well"),
        (NOW - A_DAY, NOW - A_QUARTER + SECOND, "lingers"),
        (NOW - A_DAY, NOW - A_QUARTER, "trouble"),
        (NOW - SECOND, NOW, "well"),
        (NOW + SKEW + SECOND, NOW - A_DAY, "lingers"),
        (None, NOW - A_DAY, "lingers"),
    ],
)
def test_a_dispenser_is_silent(seen: datetime | None, awake: datetime, told: str) -> None:
    found = silent(a_dispenser(last_seen_at=seen), awake, A_QUARTER, NOW)

    assert told_of(found) == told


def test_of_a_dispenser_without_a_board_nobody_knows() -> None:
    found = silent(a_dispenser(token_hash=None), NOW - A_DAY, A_QUARTER, NOW)

    assert told_of(found) == "lingers"


@pytest.mark.parametrize("state", JobState)
def test_a_job_ends_badly(state: JobState) -> None:
    bad = {JobState.FAILED, JobState.DONE_PARTIAL}

    assert ended_badly(a_job(state=state)) == (state in bad)


@pytest.mark.parametrize(
    ("stock", "percent", "days", "grade"),
    [
        (50, 50, 30, None),
        (50, 50, 3, 0),
        (15, 15, None, 0),
        (0, 0, None, 1),
    ],
)
def test_a_jar_is_low(stock: int, percent: int, days: int | None, grade: int | None) -> None:
    jar = a_jar(stock=Milligrams(stock))
    found = low(a_dispenser(), Level(jar, percent, days))

    assert (None if found is None else found.grade) == grade


@pytest.mark.parametrize("unknown", [{"label": None, "stock": Milligrams(0)}, {"stock": None}])
def test_of_a_jar_with_nothing_known_in_it_nobody_knows(unknown: dict[str, Any]) -> None:
    found = low(a_dispenser(), Level(a_jar(**unknown), None))

    assert told_of(found) == "lingers"


@pytest.mark.parametrize(
    ("age", "told"),
    [(BACKUP_LIFE - SECOND, False), (BACKUP_LIFE, True), (-SKEW, False), (-SKEW - SECOND, True)],
)
def test_a_backup_is_too_old(age: timedelta, told: bool) -> None:
    assert (old_backup(NOW - age, NOW) is not None) == told


def test_no_backup_is_none_too_old() -> None:
    assert old_backup(None, NOW) is not None


@pytest.mark.parametrize(
    ("free", "total", "told"),
    [
        (0.4 * GB, 32 * GB, "trouble"), (1.5 * GB, 32 * GB, "trouble"),
        (1.7 * GB, 32 * GB, "lingers"),
        (2 * GB, 32 * GB, "well"), (6 * GB, 1000 * GB, "lingers"), (7 * GB, 1000 * GB, "well"),
        (0.7 * GB, 4 * GB, "well"),
    ],
)  # fmt: skip
def test_a_disk_is_nearly_full(free: float, total: float, told: str) -> None:
    found = full_disk(int(free), int(total))

    assert told_of(found) == told


def a_trouble(subject: str = "jar 1.1", **changed: object) -> Trouble:
    return Trouble(AlertKind.JAR_LOW, subject, {}, **changed)  # type: ignore[arg-type]


def told(subject: str = "jar 1.1", kitchen: int = 1, grade: int = 0) -> ToldTrouble:
    return ToldTrouble(9, AlertKind.JAR_LOW, subject, KitchenId(kitchen), grade, {})


@pytest.mark.parametrize(
    ("found", "known", "raised", "cleared", "dropped"),
    [
        ([a_trouble()], [], 1, 0, 0),
        ([a_trouble()], [told()], 0, 0, 0),
        ([a_trouble(grade=1)], [told()], 1, 0, 0),
        ([a_trouble(grade=0)], [told(grade=1)], 0, 0, 0),
        ([], [told()], 0, 1, 0),
        ([a_trouble(lingers=True)], [], 0, 0, 0),
        ([a_trouble(lingers=True)], [told()], 0, 0, 0),
        ([], [told(kitchen=2)], 0, 0, 1),
        ([a_trouble("jar 1.2")], [told()], 1, 1, 0),
    ],
)
def test_what_changes(
    found: list[Trouble], known: list[ToldTrouble], raised: int, cleared: int, dropped: int
) -> None:
    kinds = frozenset({AlertKind.JAR_LOW.value})
    seen = changes(kinds, KitchenId(1), tuple(found), tuple(known))

    assert (len(seen.raised), len(seen.cleared), len(seen.dropped)) == (raised, cleared, dropped)


def test_what_was_not_looked_for_is_not_well() -> None:
    assert changes(frozenset(), KitchenId(1), (), (told(),)).cleared == ()


def test_the_wait_doubles_up_to_its_longest() -> None:
    waits = [wait_after(failures).total_seconds() for failures in range(1, 8)]

    assert waits == [30, 60, 120, 240, 480, 900, 900]
    assert wait_after(10_000) == LONGEST_WAIT
