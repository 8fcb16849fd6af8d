"""A signed release of the firmware, and what a board tells of itself.

A release number only rises: of two releases the one with the higher number is the newer one. What
came by cable has the number 0.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

BY_CABLE = 0
VIRTUAL = "virtual"
"""The hardware of a board that is a program on a computer."""


class Channel(StrEnum):
    """Who gets a release: all, or those who try it first. Who tries first gets both."""

    STABLE = "stable"
    BETA = "beta"


class UpdateState(StrEnum):
    """How far a release is on its way to a board. All but `CHOSEN` are told by the board."""

    CHOSEN = "chosen"
    """The server offers it. The board has said nothing about it yet."""
    FETCHING = "fetching"
    REFUSED = "refused"
    WAITING = "waiting"
    """It is on the board and waits for a job to end."""
    UNTRIED = "untried"
    CONFIRMED = "confirmed"
    FELL_BACK = "fell_back"
    BAD = "bad"


class UpdateReason(StrEnum):
    """Why a board refused a release, or left it."""

    NO_KEY = "no_key"
    BAD_SIGNATURE = "bad_signature"
    DOWNGRADE = "downgrade"
    EXPIRED = "expired"
    NO_TIME = "no_time"
    HARDWARE = "hardware"
    BYTECODE = "bytecode"
    MICROPYTHON = "micropython"
    SERVER = "server"
    PATH = "path"
    TOO_MANY = "too_many"
    TOO_LARGE = "too_large"
    SIZE = "size"
    HASH = "hash"
    NO_ROOM = "no_room"
    MALFORMED = "malformed"
    CRASH = "crash"
    WATCHDOG = "watchdog"
    SILENCE = "silence"


FORGED = frozenset(
    {
        UpdateReason.BAD_SIGNATURE,
        UpdateReason.PATH,
        UpdateReason.TOO_MANY,
        UpdateReason.TOO_LARGE,
        UpdateReason.SIZE,
        UpdateReason.HASH,
        UpdateReason.MALFORMED,
    }
)
"""What publishing has ruled out: somebody or something changed the bytes on their way."""
RUNS_IT = frozenset(
    {UpdateState.FETCHING, UpdateState.WAITING, UpdateState.UNTRIED, UpdateState.CONFIRMED}
)
"""A board that falls silent in one of these states may run the release: it tells nothing between
its last piece and its first answer."""
STARTED_IT = frozenset({UpdateState.UNTRIED, UpdateState.CONFIRMED})
"""The board has told its server so by the release itself."""
LEFT_IT = frozenset({UpdateState.FELL_BACK, UpdateState.BAD})


@dataclass(frozen=True, slots=True)
class Release:
    """What a release is and where it fits. `micropython`, `server_from` and `server_to` are
    versions such as "1.28"; None: any.
    """

    number: int
    version: str
    hardware: str
    bytecode: str
    micropython: str | None
    server_from: str
    server_to: str | None
    expires_at: datetime
    key_id: str


@dataclass(frozen=True, slots=True)
class BoardTold:
    """What a board last told of itself: its release, and what a release must fit.

    None: it has not told. `key_ids` are those of the public keys that it holds.
    """

    release: int | None = None
    slot: str | None = None
    hardware: str | None = None
    bytecode: str | None = None
    micropython: str | None = None
    key_ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """A release that was chosen for a dispenser, and how far it is. `reason` goes with the state:
    why the board refused it, or left it. `runs_since`: when the release first told of itself; None
    while it does not run.
    """

    dispenser_id: int
    release: int
    state: UpdateState
    reason: UpdateReason | None
    chosen_at: datetime
    changed_at: datetime
    runs_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class UpdateChoice:
    """What the owner wants: a channel, and the release to stay at (None: the newest)."""

    channel: Channel = Channel.STABLE
    pinned: int | None = None


def version_numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version, such as "0.2.0". What is no number counts as 0."""
    return tuple(int(part) if part.isdecimal() else 0 for part in version.split("."))


def serves(server: str, release: Release) -> bool:
    """Whether a server of this version is between the smallest and the largest of the release.

    The largest may leave numbers out: "0.9" means every 0.9.
    """
    has = version_numbers(server)
    if has < version_numbers(release.server_from):
        return False
    most = None if release.server_to is None else version_numbers(release.server_to)
    return most is None or has[: len(most)] <= most
