"""The kinds of faults.

A fault strikes at an instant or at the n-th of something (flash operation, relay edge, request…),
so that the worst moments are hit on purpose.
"""

from dataclasses import dataclass
from enum import StrEnum


class Torn(StrEnum):
    """What a power cut leaves of the write that it hits."""

    BEFORE = "before"
    """Nothing was written."""
    OLD = "old kept"
    """Something was written, but the old value is still read."""
    GONE = "vanished"
    """The old value is erased and the new one incomplete: the key does not exist."""
    HALF = "half written"
    """The beginning is new and the rest is old. NVS does not notice."""
    AFTER = "after"
    """The write is complete; nothing after it happens."""


class ReplacementMode(StrEnum):
    """What becomes of a board beside which its owner pairs another one."""

    SILENT = "silent"
    """It never comes back, and its owner says nothing."""
    SILENT_THEN_BACK = "silent, then back"
    """It is plugged in again once the other one has its place."""
    BACK_BEFORE = "back before the hour is over"
    """It lives, so that it keeps its place."""
    YES = "yes"
    """It never comes back, and its owner says that it is replaced."""
    YES_THEN_BACK = "yes, then back"
    """It is plugged in again once the other one has its place."""
    NO = "no"
    """It never comes back, and its owner says that it is not replaced."""


class RevocationMode(StrEnum):
    """How a board's token is revoked while its poll is held."""

    UNPAIRED = "unpaired"
    PAIRED_ELSEWHERE = "paired elsewhere"
    """Somebody uses a pairing code in its name."""
    RENEWED = "renewed"
    """Its Wi-Fi is lost, so that the server does not see its old poll end, and it resets."""


class Trigger(StrEnum):
    """What `Fault.at` counts."""

    TIME = "ms"
    FLASH = "flash operation"
    EDGE = "relay edge"
    LINE = "network step"
    CONNECT = "connection"
    REQUEST = "request"
    REPORT = "report"
    STATEMENT = "statement"


class FaultKind(StrEnum):
    """One way in which a kitchen fails."""

    POWER_CUT = "power cut"
    LONG_OUTAGE = "long outage"
    CUT_IN_FLASH = "power cut in a flash write"
    CUT_AT_EDGE = "power cut at a relay edge"
    CUT_ON_LINE = "power cut at a network step"
    BROWNOUT = "brownout loop"
    WATCHDOG = "watchdog reset"
    SOFT_RESET = "soft reset"
    HANG = "hung interpreter"
    FLASH_FULL = "flash full"
    BIT_FLIP = "bit flipped in the journal"
    CELL_GONE = "journal cell lost"
    BOARD_CLOCK = "dispenser's clock jumps"
    NO_FLOW = "no flow"
    STUCK = "stuck relay"
    NO_DRIVER = "driver missing"
    FACTORY_RESET = "factory reset"
    WIFI_DOWN = "Wi-Fi down"
    PORTAL = "captive portal"
    NO_CONNECTION = "connection fails"
    BROKEN_REQUEST = "request broken off"
    LATE_REQUEST = "request delayed"
    DOUBLE_REQUEST = "request duplicated"
    BROKEN_ANSWER = "answer broken off"
    LATE_ANSWER = "answer delayed"
    DOUBLE_ANSWER = "answer duplicated"
    FOREIGN_ANSWER = "foreign answer"
    SERVER_KILLED = "server killed between statements"
    SERVER_DOWN = "server killed"
    SERVER_POWER = "server loses power"
    SERVER_CLOCK = "server's clock jumps"
    DISK_FULL = "disk full"
    LOCKED = "database locked"
    RESTORED = "server restored from a backup"
    RESTORED_BY_COMMAND = "server restored by the command"
    CANCEL = "person cancels"
    ORDER = "person orders again"
    REFILL = "person refills"
    RETRY = "person sends an order twice"
    NONSENSE = "nonsense request"
    ASKS = "dispenser is set to ask"
    FLASH_COPIED = "flash copied to a second board"
    NO_TIME = "no time over TLS"
    BOARD_CALL = "board call fails"
    ENDLESS_OFFERS = "endless offers"
    REPORTS_REFUSED = "reports refused"
    GARBAGE = "garbage report"
    PRESS = "button pressed"
    PANEL = "LED, button or RTC broken"
    BOARD_REPLACED = "board replaced"
    TOKEN_REVOKED = "token revoked"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a history. `span_ms`: how long it lasts. `mode`: in which variant."""

    number: int
    kind: FaultKind
    trigger: Trigger
    at: int
    board: int = 0
    span_ms: int = 0
    mode: str = ""

    def __str__(self) -> str:
        span = f" for {self.span_ms} ms" if self.span_ms else ""
        mode = f" ({self.mode})" if self.mode else ""
        return f"{self.number}: {self.kind}{mode} at {self.trigger} {self.at}{span}"
