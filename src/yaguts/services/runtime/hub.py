"""The hub: wake long polls and live pages. Publish after the commit."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import Lock

from yaguts.domain.ids import KitchenId


class Subscription:
    """The events of one subscriber. It belongs to the event loop in which it was made."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._heard: asyncio.Queue[object] = asyncio.Queue()

    def put(self, event: object) -> None:
        """Pass an event to the subscriber, from any thread."""
        self._loop.call_soon_threadsafe(self._heard.put_nowait, event)

    async def next(self, timeout_s: float) -> object | None:
        """The next event. None: look into the database, or the server is closing."""
        try:
            async with asyncio.timeout(timeout_s):
                return await self._heard.get()
        except TimeoutError:
            return None


def _nobody(_topic: str, _event: object) -> None:
    pass


class Hub:
    """Topics and their subscribers in this process. `tell_others` reaches the other processes.

    Subscribers are woken in the order in which they came, so that nothing depends on chance.
    """

    def __init__(self) -> None:
        self.tell_others: Callable[[str, object], None] = _nobody
        self._listeners: defaultdict[str, dict[Subscription, None]] = defaultdict(dict)
        self._lock = Lock()
        self.closing = False

    @contextmanager
    def listen(self, topic: str) -> Generator[Subscription]:
        """Subscribe to the topic while the block runs."""
        subscription = Subscription()
        with self._lock:
            self._listeners[topic][subscription] = None
        try:
            yield subscription
        finally:
            with self._lock:
                del self._listeners[topic][subscription]
                if not self._listeners[topic]:
                    del self._listeners[topic]

    def publish(self, topic: str, event: object) -> None:
        """Wake all subscribers of the topic, in all processes. From any thread."""
        self.deliver(topic, event)
        self.tell_others(topic, event)

    def deliver(self, topic: str, event: object) -> None:
        """Wake the subscribers in this process. None has them look into the database."""
        with self._lock:
            for subscription in self._listeners.get(topic, ()):
                subscription.put(event)

    def wake_all(self) -> None:
        """Have all subscribers in this process look into the database."""
        with self._lock:
            for subscriptions in self._listeners.values():
                for subscription in subscriptions:
                    subscription.put(None)

    def close(self) -> None:
        """Wake all subscribers, so that the server can stop without waiting for long polls."""
        self.closing = True
        self.wake_all()


def dispenser_topic(dispenser_id: int) -> str:
    """The topic of a dispenser: there is a job to fetch."""
    return f"dispenser:{dispenser_id}"


def job_topic(job_id: int) -> str:
    """The topic of a job: progress, or its end."""
    return f"job:{job_id}"


def job_of(topic: str) -> int:
    """The job of a job's topic."""
    return int(topic.partition(":")[2])


def kitchen_topic(kitchen_id: KitchenId) -> str:
    """The topic of a kitchen: a job came, went on or ended."""
    return f"kitchen:{kitchen_id}"
