"""Six stories that every such machine must pass, with the real server and the real firmware."""

from tests.yaguts_sim.story import Begin
from yaguts_device.core.dose_machine import LEAD_MS, SLICE_MS
from yaguts_sim.engine.clock import US_PER_S
from yaguts_sim.events.orders import order_twice
from yaguts_sim.faults.kinds import Fault, FaultKind, Trigger
from yaguts_wire import words as w

FOUR_JARS = 8
"""5 g of salt, 0.3 g of pepper, 1.1 g of oregano, 2 g of cumin: from a third to 2.5 seconds."""
SALT, PEPPER, OREGANO, CUMIN = 1, 2, 3, 4
JARS = (SALT, PEPPER, OREGANO, CUMIN)


def test_wifi_drop_in_mid_execution(begin: Begin) -> None:
    """The Wi-Fi fails for five minutes while salt is falling."""
    story = begin()
    story.cook(FOUR_JARS)
    story.until_jar_is_open(SALT)
    story.dispenser.network.lose_wifi(300 * US_PER_S)

    story.wait(60)
    assert [story.fell_mg(jar) for jar in JARS] == [5000, 300, 1100, 2000]
    assert story.states == ["running"]

    story.until_quiet()
    assert story.states == ["done"]
    assert [story.charged_mg(jar) for jar in JARS] == [5000, 300, 1100, 2000]


def test_reboot_recovery(begin: Begin) -> None:
    """The power fails for twenty seconds while oregano is falling."""
    story = begin()
    story.cook(FOUR_JARS)
    story.until_jar_is_open(OREGANO)
    story.wait(1)
    story.dispenser.cut("the plug is pulled", dark_ms=20_000)
    assert not story.dispenser.scales.open_jars

    story.until_quiet()
    assert story.states == ["done"]
    assert [story.fell_mg(jar) for jar in (SALT, PEPPER, CUMIN)] == [5000, 300, 2000]
    reported, lost_mg = story.outcome(OREGANO), (SLICE_MS + LEAD_MS) * 1100 / 2200
    assert reported["resumes"] == 1
    assert 1100 - lost_mg <= story.fell_mg(OREGANO) < 1100
    assert reported["fell_at_least_mg"] <= story.fell_mg(OREGANO) <= reported["fell_at_most_mg"]
    assert story.charged_mg(OREGANO) == reported["fell_at_most_mg"]


def test_partial_failures(begin: Begin) -> None:
    """Pepper is stuck in its jar, and the other three spices fall."""
    story = begin()
    story.dispenser.break_jar(PEPPER, FaultKind.NO_FLOW)
    story.cook(FOUR_JARS)
    story.until_quiet()

    assert story.states == ["done_partial"]
    assert [story.fell_mg(jar) for jar in JARS] == [5000, 0, 1100, 2000]
    assert story.outcome(PEPPER)["error"] == w.NO_FLOW
    assert story.outcome(PEPPER)["fell_at_least_mg"] == 0
    assert [story.charged_mg(jar) for jar in (SALT, OREGANO, CUMIN)] == [5000, 1100, 2000]


def test_idempotency(begin: Begin) -> None:
    """The order and every request arrive twice, and the server restarts while a jar pours."""
    twice = (Fault(n, FaultKind.DOUBLE_REQUEST, Trigger.REQUEST, n) for n in range(60))
    story = begin(*twice)
    order_twice(story.kitchen, 0, FOUR_JARS)
    story.until(lambda: "running" in story.states)
    story.kitchen.host.kill("just as it pours", 30_000)
    story.until_quiet()

    assert story.states == ["done"]
    assert story.kitchen.faults.injected[FaultKind.DOUBLE_REQUEST] > 5
    assert [story.fell_mg(jar) for jar in JARS] == [5000, 300, 1100, 2000]
    assert [story.charged_mg(jar) for jar in JARS] == [5000, 300, 1100, 2000]


def test_a_job_of_more_than_ten_minutes(begin: Begin) -> None:
    """Each jar runs for its longest, half of the time without Wi-Fi."""
    story = begin()
    story.fill_up(grams=400)
    story.cook_new({"Sal": 340, "Pimenta": 170, "Orégano": 85, "Cominho": 170})
    story.until_jar_is_open(OREGANO)
    story.dispenser.network.lose_wifi(330 * US_PER_S)
    story.until_quiet()

    assert story.states == ["done"]
    assert story.kitchen.world.now > 4 * 170 * US_PER_S
    assert [story.fell_mg(jar) for jar in JARS] == [340_000, 170_000, 85_000, 170_000]
    assert [story.charged_mg(jar) for jar in JARS] == [340_000, 170_000, 85_000, 170_000]


def test_load(begin: Begin) -> None:
    """Two dispensers have ten orders each in their queues, and the power fails again and again."""
    story = begin(boards=2)
    for number in range(20):
        story.cook(recipe=(3, 6, 9, 12)[number % 4], board=number % 2)
        story.kitchen.world.after(7 * number * US_PER_S, story.dispenser.cut, "a flicker", 400)
    assert len(story.states) == 20

    story.until_quiet()
    assert set(story.states) <= {"done", "done_partial"}
    assert len(story.checker.booked) == 20
