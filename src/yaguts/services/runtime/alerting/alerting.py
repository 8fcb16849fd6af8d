"""What the server remembers of alerting between two looks, and the thread that delivers."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock, Thread

from yaguts.domain.alerts.kinds import AlertMessage, WrittenAlert
from yaguts.domain.clock import SKEW, age
from yaguts.services.runtime.alerting.child import Child
from yaguts.services.runtime.lived_through import Monotonic, standing_still

LOOK_EVERY_S = 60
"""How often the server looks for what is in trouble."""

AlertWriter = Callable[[AlertMessage, str, str], WrittenAlert]
"""Returns a message in a language, with times in a time zone."""


def _unwritten(message: AlertMessage, _language: str, _zone: str) -> WrittenAlert:
    return WrittenAlert(message.event, message.kind, "", "")


class Alerting:
    """One server process's part in alerting. `write` puts messages into words."""

    def __init__(
        self, write: AlertWriter = _unwritten, monotonic: Monotonic = standing_still
    ) -> None:
        self.write = write
        self._monotonic = monotonic
        self._lock = Lock()
        self.begin()

    def begin(self) -> None:
        """A server starts: nothing was looked at yet, and nothing is being sent."""
        self.child = Child()
        self.closing = False
        self.thread: Thread | None = None
        self._looked: tuple[datetime, float] | None = None
        self._awake_since: datetime | None = None

    def time_to_look(self, now: datetime) -> bool:
        """Whether it is time for a look, which is then counted as done.

        A clock that jumped since the last look says nothing of how long a dispenser was silent.
        """
        passed = self._monotonic()
        if self._looked is None:
            self._awake_since = now
        else:
            before, then = self._looked
            elapsed = timedelta(seconds=passed - then)
            if elapsed < timedelta(seconds=LOOK_EVERY_S):
                return False
            between = age(before, now)
            if between is None or abs(between - elapsed) > SKEW:
                self._awake_since = now
        self._looked = now, passed
        return True

    def awake_since(self, now: datetime) -> datetime:
        """Since when this process hears dispensers, by a clock that did not jump. One that does not
        look itself has been awake since somebody first asked.
        """
        self._awake_since = self._awake_since or now
        return self._awake_since

    def start(self, deliver: Callable[[], object]) -> None:
        """Deliver in a thread, unless one does so already."""
        with self._lock:
            if self.closing or (self.thread is not None and self.thread.is_alive()):
                return
            self.thread = Thread(target=deliver, name="alerts")
            self.thread.start()

    def close(self) -> None:
        """The server ends. What is being sent is sent again by the next one."""
        with self._lock:
            self.closing = True
            thread = self.thread
        self.child.close()
        if thread is not None:
            thread.join()
