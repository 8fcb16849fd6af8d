"""Who listens hears, in the order in which they came."""

import asyncio
from contextlib import ExitStack

from yaguts.services.runtime.hub import Hub, Subscription

MANY = 50


async def told_one_after_the_other() -> list[int]:
    hub, told = Hub(), list[int]()

    async def hear(number: int, subscription: Subscription) -> None:
        if await subscription.next(5) == "news":
            told.append(number)

    with ExitStack() as stack:
        listening = [stack.enter_context(hub.listen("topic")) for _ in range(MANY)]
        waiting = [asyncio.create_task(hear(*each)) for each in enumerate(listening)]
        hub.publish("another topic", "news of something else")
        hub.publish("topic", "news")
        await asyncio.gather(*waiting)
    hub.publish("topic", "too late")
    return told


def test_who_came_first_is_told_first() -> None:
    assert asyncio.run(told_one_after_the_other()) == list(range(MANY))
