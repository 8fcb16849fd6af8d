"""One writes at a time, and whoever goes first waits for nobody else who waits."""

from collections.abc import Callable
from contextvars import copy_context
from threading import Thread
from time import sleep

from yaguts.storage.db.turns import Turns, goes_first


def begun(does: Callable[[], None]) -> Thread:
    thread = Thread(target=does)
    thread.start()
    return thread


def test_a_dispenser_goes_before_everybody_who_waits() -> None:
    turns, order = Turns(), list[str]()

    def person() -> None:
        with turns.one():
            order.append("person")

    def dispenser() -> None:
        goes_first.set(True)
        with turns.one():
            order.append("dispenser")

    with turns.one():
        threads = [begun(person) for _ in range(5)]
        while len(turns._others) < 5:  # noqa: SLF001
            sleep(0)
        threads += [begun(lambda: copy_context().run(dispenser)) for _ in range(2)]
        while len(turns._firsts) < 2:  # noqa: SLF001
            sleep(0)
    for thread in threads:
        thread.join(10)

    assert order == ["dispenser"] * 2 + ["person"] * 5


def test_a_turn_ends_also_with_an_error() -> None:
    turns = Turns()
    try:
        with turns.one():
            raise ValueError
    except ValueError:
        pass
    with turns.one():
        pass
