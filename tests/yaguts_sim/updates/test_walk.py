"""Updates through power cuts and broken answers: the old release or the new one, and every job."""

from collections import Counter
from collections.abc import Iterator

import pytest

from yaguts_device.update.slots import COMING
from yaguts_sim.device.files import OpenedFiles
from yaguts_sim.faults.kinds import Fault
from yaguts_sim.mutants.updates import UPDATE_MUTANTS, found_by
from yaguts_sim.updates.cases import ALL, GOOD, OF_REAL_SIZE
from yaguts_sim.updates.updated import Case, UpdatedDispenser, old_release
from yaguts_sim.updates.walk import LONG, play, walk_at_random, walk_once, walk_pairs

pytestmark = pytest.mark.timeout(1200)
"""A walk has thousands of points. None of them hangs: each is played in virtual time."""


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_a_release_is_confirmed_or_refused_or_left_and_the_server_knows_why(case: Case) -> None:
    assert UpdatedDispenser(case, old_release()).play() == []


@pytest.mark.parametrize("slot", ["a", pytest.param("b", marks=pytest.mark.more)])
def test_a_power_cut_anywhere_leaves_the_old_release_or_the_new_one(slot: str) -> None:
    points, broken = walk_once(GOOD, slot, every_byte=False)

    assert points > 150
    assert broken == []


def test_the_list_of_files_is_read_a_few_times_whatever_their_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pieces, read = OpenedFiles.pieces, Counter[str]()

    def counted(self: OpenedFiles, path: str) -> Iterator[bytes]:
        read[path] += 1
        return pieces(self, path)

    monkeypatch.setattr(OpenedFiles, "pieces", counted)

    assert UpdatedDispenser(OF_REAL_SIZE, old_release()).play() == []
    assert 0 < read[COMING] < 24


@pytest.mark.more
@pytest.mark.parametrize("name", ["silent", "hangs", "in its first job"])
def test_a_power_cut_anywhere_leaves_the_way_back(name: str) -> None:
    case = next(case for case in ALL if case.name == name)

    assert walk_once(case, every_byte=False)[1] == []


@pytest.mark.more
def test_a_release_of_real_size_comes_through_random_cuts() -> None:
    assert [broken for seed in range(4) for broken in walk_at_random(seed)] == []


@pytest.mark.more
@pytest.mark.parametrize("name", UPDATE_MUTANTS)
def test_every_planted_bug_is_found(name: str) -> None:
    assert found_by(UPDATE_MUTANTS[name])


def some_and_all(some: int, *, of_all: int = 1) -> pytest.MarkDecorator:
    """`step`: each so many points are walked in `make test-more`, and more of them in the long."""
    steps = [
        pytest.param(some, marks=pytest.mark.more),
        pytest.param(of_all, marks=pytest.mark.long),
    ]
    return pytest.mark.parametrize("step", steps)


@some_and_all(7)
def test_an_answer_cut_at_any_byte_loses_nothing(step: int) -> None:
    points, broken = walk_once(GOOD, step=step)

    assert points > 4_000 // step
    assert broken == []


@some_and_all(3)
@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_a_cut_anywhere_in_any_case_changes_nothing_of_its_outcome(case: Case, step: int) -> None:
    step *= 97 if case.name in LONG else 1

    assert walk_once(case, every_byte=False, step=step)[1] == []


@some_and_all(25, of_all=8)
def test_two_cuts_anywhere_lose_nothing(step: int) -> None:
    firsts: list[Fault] = play(GOOD, ())[0].classes()

    assert [broken for first in firsts[::step] for broken in walk_pairs(GOOD, first)[1]] == []
