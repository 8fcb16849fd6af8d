"""A copied flash, a refused report, a forgotten job: each falls once, and everything comes back."""

import pytest

from tests.yaguts_sim.story import Begin, Story
from yaguts_device.core.journal_format import key_fingerprint
from yaguts_device.flow import factory_reset
from yaguts_device.journal.cells import read_cell
from yaguts_device.journal.journal import SERVED_KEYS, Journal
from yaguts_sim.device.machine import Machine
from yaguts_sim.events.injector import FaultInjector
from yaguts_sim.faults.kinds import Fault, FaultKind, Trigger
from yaguts_sim.server.harness import one_thread
from yaguts_sim.setup.shared import setup_of_this_process

SALT_ONLY = 1
"""4 g of salt: two seconds."""
SALT = 1


def copied(story: Story, *, same_name: bool) -> Machine:
    """A second board, awake on a copy of the dispenser's flash."""
    machine = story.kitchen.add_copy(story.dispenser, same_name=same_name)
    story.checker.watch(machine)
    machine.power_on()
    story.wait(1)
    return machine


def poured(machine: Machine) -> int:
    return len(machine.scales.openings)


def test_a_copy_that_says_the_same_name_pours_nothing_that_the_other_one_pours(
    begin: Begin,
) -> None:
    story = begin()
    copy = copied(story, same_name=True)
    story.cook(SALT_ONLY)
    story.until_quiet()

    assert sorted([poured(story.dispenser), poured(copy)]) == [0, 1]
    assert story.states == ["done"]
    assert story.charged_mg(SALT) == 4000


@pytest.mark.parametrize("answers_lost", [0, 1])
def test_whoever_was_first_may_ask_again(begin: Begin, answers_lost: int) -> None:
    """The answer to the acceptance is lost, and the dispenser resets before it asks again."""
    lost = (Fault(0, FaultKind.BROKEN_ANSWER, Trigger.REQUEST, n, mode="0") for n in (2, 3, 4))
    story = begin(*(lost if answers_lost else ()))
    copied(story, same_name=True)
    story.cook(SALT_ONLY)
    story.wait(0.05)
    story.dispenser.reset("a watchdog")
    story.until_quiet()

    assert story.states == ["done"]
    assert story.charged_mg(SALT) == 4000


def test_a_copy_on_another_board_forgets_the_job_that_is_pouring(begin: Begin) -> None:
    story = begin()
    story.cook(SALT_ONLY)
    story.until_jar_is_open(SALT)
    copy = copied(story, same_name=False)
    story.until_quiet()

    assert poured(copy) == 0
    assert story.fell_mg(SALT) == 4000
    assert "another board's" in str(story.kitchen.timeline)


def test_if_a_copied_flash_forgot_nothing_both_would_pour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(factory_reset, "forget_if_copied", lambda _board: None)
    with one_thread():
        story = Story(setup_of_this_process())
        story.cook(SALT_ONLY)
        story.until_jar_is_open(SALT)
        copied(story, same_name=False)
        story.wait(10)

        assert {broken.promise for broken in story.end()} >= {"I7"}


def served_then_forgotten(story: Story) -> None:
    """The server is restored to before a job, and a bit flips in what the dispenser has of it."""
    story.dispenser.power_off("the plug is pulled")
    story.cook(SALT_ONLY)
    story.kitchen.host.copy(0)
    story.dispenser.power_on()
    story.until_quiet()
    story.dispenser.flash.flip(("job_state", "r1"), 5)
    story.kitchen.host.restore(0, 100)
    assert story.states == ["queued"]
    story.until(lambda: story.states != ["queued"])
    story.until_quiet()


def test_a_bit_flips_in_the_ring_and_the_server_is_restored(begin: Begin) -> None:
    story = begin()
    served_then_forgotten(story)

    assert story.states == ["done"]
    assert story.fell_mg(SALT) == 4000
    assert poured(story.dispenser) == 1


def test_without_its_newest_record_the_dispenser_pours_it_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def by_the_ring_alone(journal: Journal, job_key: str) -> bool:
        ring = [read_cell(journal._flash, f"r{place}") for place in range(SERVED_KEYS)]  # noqa: SLF001
        return key_fingerprint(job_key) in ring

    monkeypatch.setattr(Journal, "was_served", by_the_ring_alone)
    with one_thread():
        story = Story(setup_of_this_process())
        served_then_forgotten(story)

        assert {broken.promise for broken in story.end()} >= {"I1", "I4"}


def refuse(story: Story, how: str, span_ms: int = 0) -> None:
    fault = Fault(0, FaultKind.REPORTS_REFUSED, Trigger.TIME, 0, 0, span_ms, how)
    FaultInjector(story.kitchen, story.checker)._inject(fault)  # noqa: SLF001


@pytest.mark.parametrize("how", ["400", "403", "404", "409", "413", "422"])
def test_a_refused_report_holds_nothing_up_and_arrives_later(begin: Begin, how: str) -> None:
    story = begin()
    refuse(story, how, 90_000)
    story.cook(SALT_ONLY)
    story.until(lambda: poured(story.dispenser) == 1)
    story.wait(5)
    assert story.states == ["running"]
    story.dispenser.cut("the plug is pulled", dark_ms=2_000)

    story.until_quiet()
    assert story.states == ["done"]
    assert story.charged_mg(SALT) == 4000


def test_a_report_that_is_refused_for_ever_holds_nothing_up(begin: Begin) -> None:
    story = begin()
    refuse(story, "403 for good")
    story.cook(SALT_ONLY)
    story.until(lambda: poured(story.dispenser) == 1)
    story.until(lambda: story.states == ["failed"])

    story.cook(SALT_ONLY)
    story.until_quiet()
    assert story.states == ["failed", "done"]
    assert story.charged_mg(SALT) == 4000
