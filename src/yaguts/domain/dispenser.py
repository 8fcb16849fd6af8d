"""A dispenser as its owner knows it. It has jars and a motor before it has a board."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from yaguts.domain.clock import age, lately
from yaguts.domain.dispenser_settings import DispenserSettings
from yaguts.domain.happenings import Kept
from yaguts.domain.ids import KitchenId
from yaguts.domain.recipe import Motor

ONLINE_WITHIN = timedelta(seconds=90)
"""A dispenser that was heard of this recently counts as online."""

SILENT_FOR = timedelta(hours=1)
"""A dispenser that was silent for so long may be replaced. Firmware 0.1 is mute while it pours."""

FIRST_FIRMWARE = "0.1."
FIRST_FIRMWARE_JARS = 4
"""Firmware 0.1 moves the jars 1 to 4 and knows no others."""

TOKEN_LIFE = timedelta(days=90)
"""A token this old is renewed."""


def silent_since(
    paired_at: datetime, seen_at: datetime | None, seen_before: datetime | None, now: datetime
) -> bool:
    """Whether a dispenser was not heard of since another board was paired, and for long enough.

    `seen_before` is its last sign of life when that board was paired. When that is not known, or
    was stored by a clock that was ahead, nobody knows more than that it was silent since then.
    """
    began = age(paired_at if seen_at is None else seen_at, now)
    return seen_at == seen_before and began is not None and began >= SILENT_FOR


def is_first_firmware(firmware: str | None) -> bool:
    """Whether it is one of 0.1, which never says more of itself than its version."""
    return (firmware or "").startswith(FIRST_FIRMWARE)


def reaches(firmware: str | None, jar: int) -> bool:
    """Whether a board with this firmware can move the jar. Nobody knows before there is a board."""
    return jar <= FIRST_FIRMWARE_JARS or not is_first_firmware(firmware)


@dataclass(frozen=True, slots=True)
class Dispenser:
    """One dispenser. `uid` names the board, `token_hash` is that of the token that the board holds.

    `name` is what its owner calls it, `signal_dbm` the strength of the Wi-Fi that the board last
    reported, `happenings` what it told: see `domain.happenings`. A person's default dispenser
    exists before a board does, so that jars can be set up early.
    """

    id: int
    kitchen_id: KitchenId
    is_default: bool
    uid: str | None
    token_hash: str | None
    token_since: datetime | None
    firmware: str | None
    last_seen_at: datetime | None
    motor: Motor
    name: str | None = None
    signal_dbm: int | None = None
    happenings: Kept = ()
    settings: DispenserSettings = field(default_factory=DispenserSettings)

    @property
    def paired(self) -> bool:
        """Whether its board holds a valid token."""
        return self.token_hash is not None

    def wants_token(self, now: datetime) -> bool:
        """Whether its token is old, or its owner asked for a new one."""
        return self.token_since not in lately(now, TOKEN_LIFE)

    def online(self, now: datetime) -> bool:
        """Whether its last sign of life is recent."""
        return self.last_seen_at in lately(now, ONLINE_WITHIN)
