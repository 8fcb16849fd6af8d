"""An outage of the database in the log: one line when it begins and one when it is over."""

import logging
from collections.abc import Callable
from threading import Lock

CALM_S = 5
"""An outage is over when nothing was refused for so long. A disk that is full for some writes only
would fill the log otherwise."""
_log = logging.getLogger(__name__)


class Outages:
    """Those of one database, as one process sees them."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = Lock()
        self._refused = 0
        self._began = self._latest = 0.0
        self._writes = False

    def refused(self, cause: str, *, wrote: bool, damaged: bool = False) -> None:
        """A transaction failed because of the database."""
        with self._lock:
            self._latest = self._monotonic()
            self._refused += 1
            self._writes |= wrote
            if self._refused > 1:
                return
            self._began = self._latest
        text = "The database is damaged" if damaged else "The database refuses"
        _log.error(text, extra={"about": {"cause": cause}})

    def answered(self, *, wrote: bool) -> None:
        """A transaction ended well. After a refused write only a write shows that all is well."""
        if not self._refused:
            return
        with self._lock:
            passed, refused = self._monotonic(), self._refused
            if not refused or (self._writes and not wrote) or passed - self._latest < CALM_S:
                return
            self._refused, self._writes = 0, False
            lasted = round(passed - self._began)
        _log.warning(
            "The database answers again", extra={"about": {"seconds": lasted, "refused": refused}}
        )
