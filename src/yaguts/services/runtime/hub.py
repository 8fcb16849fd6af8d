"""The hub: wake long polls and live pages. Publish after the commit."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Self

from yaguts.domain.ids import KitchenId, PersonId


class Subscription:
    """The events of one subscriber, while its block runs. It belongs to the event loop in which it
    was made.

    There are as many as held polls: a queue of asyncio's would take three kilobytes for each, and
    a generator for the block half of one.
    """

    __slots__ = ("_heard", "_hub", "_loop", "_topics", "_waiting")

    def __init__(self, hub: "Hub", topics: tuple[str, ...]) -> None:
        self._hub, self._topics = hub, topics
        self._loop = asyncio.get_running_loop()
        self._heard: list[object] = []
        self._waiting: asyncio.Future[None] | None = None

    def __enter__(self) -> Self:
        self._hub.add(self, self._topics)
        return self

    def __exit__(self, *_: object) -> None:
        self._hub.remove(self, self._topics)

    def put(self, event: object) -> None:
        """Pass an event to the subscriber, from any thread."""
        self._loop.call_soon_threadsafe(self._hear, event)

    async def next(self, timeout_s: float) -> object | None:
        """The next event. None: look into the database, or the server is closing."""
        if not self._heard:
            self._waiting = self._loop.create_future()
            alarm = self._loop.call_later(timeout_s, self._wake)
            try:
                await self._waiting
            finally:
                alarm.cancel()
                self._waiting = None
        return self._heard.pop(0) if self._heard else None

    def waiting(self) -> list[object]:
        """The events that have come meanwhile."""
        heard, self._heard = self._heard, []
        return heard

    def _hear(self, event: object) -> None:
        self._heard.append(event)
        self._wake()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)


def _nobody(_topic: str, _event: object) -> None:
    pass


class Hub:
    """Topics and their subscribers in this process. `tell_others` reaches the other processes.

    Subscribers are woken in the order in which they came, so that nothing depends on chance.
    """

    def __init__(self) -> None:
        self.tell_others: Callable[[str, object], None] = _nobody
        self.told_first: Callable[[str, object], None] = _nobody
        """Hears of each event before its subscribers wake; the topic "" stands for all topics."""
        self._listeners: defaultdict[str, dict[Subscription, None]] = defaultdict(dict)
        self._lock = Lock()
        self.closing = False

    def listen(self, *topics: str) -> Subscription:
        """Subscribe to the topics while the block of a `with` runs."""
        return Subscription(self, topics)

    def add(self, subscription: Subscription, topics: Iterable[str]) -> None:
        """Called by the subscription, when its block begins."""
        with self._lock:
            for topic in topics:
                self._listeners[topic][subscription] = None

    def remove(self, subscription: Subscription, topics: Iterable[str]) -> None:
        """Called by the subscription, when its block ends."""
        with self._lock:
            for topic in topics:
                del self._listeners[topic][subscription]
                if not self._listeners[topic]:
                    del self._listeners[topic]

    def publish(self, topic: str, event: object) -> None:
        """Wake all subscribers of the topic, in all processes. From any thread."""
        self.deliver(topic, event)
        self.tell_others(topic, event)

    def deliver(self, topic: str, event: object) -> None:
        """Wake the subscribers in this process. None has them look into the database."""
        self.told_first(topic, event)
        with self._lock:
            for subscription in self._listeners.get(topic, ()):
                subscription.put(event)

    def wake_all(self) -> None:
        """Have all subscribers in this process look into the database."""
        self.told_first("", None)
        with self._lock:
            for subscriptions in self._listeners.values():
                for subscription in subscriptions:
                    subscription.put(None)

    def close(self) -> None:
        """Wake all subscribers, so that the server can stop without waiting for long polls."""
        self.closing = True
        self.wake_all()


def dispenser_topic(dispenser_id: int) -> str:
    """The topic of a dispenser: there is a job to fetch, or its board or the token changed. The
    event is the job's id, or the board's uid.
    """
    return f"dispenser:{dispenser_id}"


def dispenser_of(topic: str) -> int | None:
    """The dispenser of a dispenser's topic; None for other topics."""
    of, _, number = topic.partition(":")
    return int(number) if of == "dispenser" else None


def is_about_job(event: object) -> bool:
    """Whether a dispenser's event is about a job, so that its board is still the same."""
    return isinstance(event, int)


def job_topic(job_id: int) -> str:
    """The topic of a job: progress, or its end."""
    return f"job:{job_id}"


def job_of(topic: str) -> int:
    """The job of a job's topic."""
    return int(topic.partition(":")[2])


def kitchen_topic(kitchen_id: KitchenId) -> str:
    """The topic of a kitchen: a job came, went on or ended."""
    return f"kitchen:{kitchen_id}"


def person_topic(person_id: PersonId) -> str:
    """The topic of a person: a session of theirs has ended."""
    return f"person:{person_id}"
