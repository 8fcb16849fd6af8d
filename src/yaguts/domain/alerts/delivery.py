"""When a message is sent again, and for how long it is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

_FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
LONGEST_ASKED = timedelta(hours=1)
"""A receiver may ask to be left alone for so long."""
LEASE = timedelta(minutes=2)
"""For so long a target belongs to the server process that sends to it. It is renewed with every
message, and longer than one message can take."""
KEPT = timedelta(days=7)
"""A message that could not be delivered for so long is given up."""
FORGOTTEN = timedelta(days=90)
"""A job that failed so long ago will not be well again."""
MOST_TARGETS = 10
"""Of one person."""


class AlertFault(StrEnum):
    """Why a message could not be delivered."""

    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    PRIVATE = "private"
    """The address leads into a private network, which the operator has not allowed."""
    REFUSED = "refused"
    UNUSABLE = "unusable"
    """The address is not what its service expects."""
    UNREADABLE = "unreadable"
    """The secret key of the server has changed since the address was stored."""
    GIVEN_UP = "given_up"
    GONE = "gone"
    """The browser takes no more alerts. Its target is removed."""


@dataclass(frozen=True, slots=True)
class Failed:
    """One attempt that failed. `detail` is what the other side said.

    `asked_s`: how many seconds it asked to be left alone.
    """

    fault: AlertFault
    detail: str = ""
    asked_s: int = 0


@dataclass(frozen=True, slots=True)
class AlertTarget:
    """Where somebody's alerts go. `shown` is all that a page shows of the address.

    `signed`: a webhook, whose messages are signed. `browser`: a browser. `waiting` counts the
    messages that are not delivered yet.
    """

    id: int
    shown: str
    language: str
    signed: bool
    created_at: datetime
    sent_at: datetime | None = None
    failed_at: datetime | None = None
    fault: AlertFault | None = None
    detail: str = ""
    waiting: int = 0
    testing: bool = False
    browser: bool = False


def wait_after(failures: int, asked_s: int = 0) -> timedelta:
    """How long to wait after so many failures in a row: twice as long each time, or for as many
    seconds as the receiver asked.
    """
    usual = min(LONGEST_WAIT, _FIRST_WAIT * 2 ** min(failures - 1, 10))
    return max(usual, min(LONGEST_ASKED, timedelta(seconds=asked_s)))
