"""Whether a dispenser is offered a release now, and if not, why."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from yaguts.domain.clock import lately, left
from yaguts.domain.firmware.release import (
    FORGED,
    LEFT_IT,
    BoardTold,
    Channel,
    Release,
    Update,
    UpdateChoice,
    UpdateReason,
    UpdateState,
    serves,
    version_numbers,
)
from yaguts.domain.firmware.rollout import Rollout

AGAIN_AFTER = timedelta(hours=1)
"""A release that a board refused for what may pass is offered again after so long."""
_MAY_PASS = FORGED | {
    UpdateReason.NO_TIME,
    UpdateReason.NO_ROOM,
    UpdateReason.NO_KEY,
    UpdateReason.BYTECODE,
    UpdateReason.MICROPYTHON,
    UpdateReason.SERVER,
}
"""What passes by itself, and what passes by cable or with another server: see `unfit`."""


class WhyNot(StrEnum):
    """Why a dispenser is not offered a release."""

    FIRST_FIRMWARE = "first_firmware"
    """Firmware 0.1 takes nothing over the air."""
    VIRTUAL = "virtual"
    """It is a program on a computer, which comes with the server."""
    NOT_TOLD = "not_told"
    """Its firmware has not said yet what it is."""
    NO_KEY = "no_key"
    OTHER_KEY = "other_key"
    BYTECODE = "bytecode"
    MICROPYTHON = "micropython"
    SERVER = "server"
    EXPIRED = "expired"
    STAYS = "stays"
    LEFT = "left"
    """It ran it and went back: it does not try it again."""
    REFUSED = "refused"
    HALTED = "halted"
    NOT_YET = "not_yet"
    """Others are first."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A release that is newer than the board's, its rollout, and how far it is there."""

    release: Release
    rollout: Rollout
    update: Update | None


def concerns(release: Release, channel: Channel, board: BoardTold, choice: UpdateChoice) -> bool:
    """Whether a release is one for this board at all: its hardware, its channel, and newer."""
    return (
        release.hardware == board.hardware
        and (channel == Channel.STABLE or choice.channel == Channel.BETA)
        and release.number > (board.release or 0)
    )


def unfit(release: Release, board: BoardTold, server: str, now: datetime) -> WhyNot | None:
    """Why the board could not take the release, whoever says so."""
    if not board.key_ids:
        return WhyNot.NO_KEY
    if release.key_id not in board.key_ids:
        return WhyNot.OTHER_KEY
    if board.bytecode not in (None, release.bytecode):
        return WhyNot.BYTECODE
    if _is_older(board.micropython, release.micropython):
        return WhyNot.MICROPYTHON
    if not serves(server, release):
        return WhyNot.SERVER
    return None if left(release.expires_at, now) else WhyNot.EXPIRED


def why_not(
    candidate: Candidate, board: BoardTold, choice: UpdateChoice, server: str, now: datetime
) -> WhyNot | None:
    """Why the dispenser is not offered the release now; None: it is."""
    reason = unfit(candidate.release, board, server, now)
    if reason is not None:
        return reason
    if choice.pinned is not None and choice.pinned != candidate.release.number:
        return WhyNot.STAYS
    if candidate.rollout.halted is not None:
        return WhyNot.HALTED
    return _so_far(candidate.update, now)


def may_be_chosen(
    candidate: Candidate, board: BoardTold, choice: UpdateChoice, server: str, now: datetime
) -> bool:
    """Whether the next boards of a stage may be drawn from those like this one."""
    return why_not(candidate, board, choice, server, now) == WhyNot.NOT_YET


def _so_far(update: Update | None, now: datetime) -> WhyNot | None:
    if update is None:
        return WhyNot.NOT_YET
    if update.state in LEFT_IT:
        return WhyNot.LEFT
    if update.state != UpdateState.REFUSED:
        return None
    passes = update.reason in _MAY_PASS and update.changed_at not in lately(now, AGAIN_AFTER)
    return None if passes else WhyNot.REFUSED


def _is_older(has: str | None, needs: str | None) -> bool:
    """A board that has not told its version finds out by itself."""
    return has is not None and needs is not None and version_numbers(has) < version_numbers(needs)
