"""Wake whoever waits: held polls, live pages. Publish after commit, not before."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import Lock

from yaguts.domain.ids import KitchenId


class Subscription:
    """What one waiter hears. It belongs to the event loop in which it was made."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._heard: asyncio.Queue[object] = asyncio.Queue()

    def put(self, event: object) -> None:
        """Hand an event over, from any thread."""
        self._loop.call_soon_threadsafe(self._heard.put_nowait, event)

    async def next(self, timeout_s: float) -> object | None:
        """The next event, or None: look for yourself, or the server is closing."""
        try:
            async with asyncio.timeout(timeout_s):
                return await self._heard.get()
        except TimeoutError:
            return None


def _nobody(_topic: str, _event: object) -> None:
    pass


class Hub:
    """Topics and who listens to them in this process. `tell_others` reaches the other ones.

    Who came first is told first, so that what follows never depends on chance.
    """

    def __init__(self) -> None:
        self.tell_others: Callable[[str, object], None] = _nobody
        self._listeners: defaultdict[str, dict[Subscription, None]] = defaultdict(dict)
        self._lock = Lock()
        self.closing = False

    @contextmanager
    def listen(self, topic: str) -> Generator[Subscription]:
        """Hear what is published on the topic while the block runs."""
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
        """Tell everybody who listens to the topic now. From any thread."""
        self.deliver(topic, event)
        self.tell_others(topic, event)

    def deliver(self, topic: str, event: object) -> None:
        """Tell those in this process. None has them look for themselves."""
        with self._lock:
            for subscription in self._listeners.get(topic, ()):
                subscription.put(event)

    def wake_all(self) -> None:
        """Have everybody in this process look for themselves."""
        with self._lock:
            for subscriptions in self._listeners.values():
                for subscription in subscriptions:
                    subscription.put(None)

    def close(self) -> None:
        """Wake everybody, so that the server can stop without waiting for held polls."""
        self.closing = True
        self.wake_all()


def dispenser_topic(dispenser_id: int) -> str:
    """Something changed for a dispenser: a job to fetch."""
    return f"dispenser:{dispenser_id}"


def job_topic(job_id: int) -> str:
    """Something changed in a job: progress, or its end."""
    return f"job:{job_id}"


def job_of(topic: str) -> int:
    """The job that a job's topic is about."""
    return int(topic.partition(":")[2])


def kitchen_topic(kitchen_id: KitchenId) -> str:
    """Something changed that a person's kitchen shows: a job came, went on or ended."""
    return f"kitchen:{kitchen_id}"
