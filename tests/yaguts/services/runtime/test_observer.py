"""An answer that is kept, although many ask at once."""

from threading import Event, Thread

from tests.support.kitchen.household import StoppedClock
from yaguts.services.runtime.observer import KEPT_S, KeptAnswer

SOON_S = 10


def test_it_is_asked_for_when_it_is_old() -> None:
    clock, answers = StoppedClock(), iter(range(10))
    kept = KeptAnswer[int](clock.monotonic)

    assert [kept.get(lambda: next(answers)) for _ in range(3)] == [0, 0, 0]
    clock.passes(seconds=KEPT_S)
    assert [kept.get(lambda: next(answers)) for _ in range(3)] == [1, 1, 1]


def test_while_one_asks_the_others_get_the_former_answer() -> None:
    clock, asked, answer = StoppedClock(), Event(), Event()
    kept = KeptAnswer[str](clock.monotonic)
    kept.get(lambda: "former")
    clock.passes(seconds=KEPT_S)

    def ask() -> str:
        asked.set()
        assert answer.wait(SOON_S)
        return "new"

    asking = Thread(target=kept.get, args=(ask,))
    asking.start()
    assert asked.wait(SOON_S)
    assert kept.get(lambda: "another") == "former"
    answer.set()
    asking.join(SOON_S)
    assert kept.get(lambda: "another") == "new"


def test_an_answer_that_failed_is_asked_for_again() -> None:
    kept = KeptAnswer[int](StoppedClock().monotonic)

    for _ in range(2):
        try:
            kept.get(lambda: 1 // 0)
        except ZeroDivisionError:
            continue
    assert kept.get(lambda: 3) == 3
